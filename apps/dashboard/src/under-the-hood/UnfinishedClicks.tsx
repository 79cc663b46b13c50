import { type QueuedMutation, useOfflineQueue } from '@org/critical-buttons'
import { useState } from 'react'
import { Icon } from '../icons/Icon.js'
import { Notice } from '../notices/Notice.js'
import { useIdentity } from '../session/useIdentity.js'
import { describeClick, describeState, type Records } from './describeClick.js'

/** Every click of this person that is not over, and what can be done with it. */
export function UnfinishedClicks({ records }: { records: Records }) {
  const { queue, online, waitingForSignIn, retry, discard } = useOfflineQueue()
  const identity = useIdentity()
  // That nothing waits is known only of somebody.
  if (!('actor' in identity))
    return (
      <Notice icon="clock" title={waitingForSignIn === 0 ? 'Not known yet' : `${waitingForSignIn} waiting for a sign-in`}>
        <p className="small">Clicks are shown to whoever made them, once it is known who is signed in.</p>
      </Notice>
    )
  if (queue.length === 0)
    return (
      <Notice icon="check" title="Nothing waits">
        <p className="small">Every click of yours in this browser has come back.</p>
      </Notice>
    )
  return (
    <ul className="unfinished">
      {queue.map((click) => (
        <UnfinishedClick
          key={click.id}
          click={click}
          title={describeClick(click, records)}
          state={describeState(click, online)}
          onRetry={() => retry(click.id)}
          onDiscard={() => discard(click.id)}
        />
      ))}
    </ul>
  )
}

interface Props {
  click: QueuedMutation
  title: string
  state: string
  onRetry: () => void
  onDiscard: () => Promise<'cancelled' | 'already-done' | 'unreachable'>
}

const ANSWERS = {
  cancelled: '',
  'already-done': 'Too late: it has been done, or the server has taken it over.',
  unreachable: 'The server could not be asked, so it was not taken back.',
}

function UnfinishedClick({ click: { id, state: phase, createdAt }, title, state, onRetry, onDiscard }: Props) {
  const [note, setNote] = useState('')
  const needsPerson = phase === 'dead' || phase === 'unknown'
  return (
    <li data-click={id} data-tone={needsPerson ? 'bad' : undefined}>
      <Icon name={needsPerson ? 'warning' : 'clock'} />
      <div>
        <p className="unfinished-title">{title}</p>
        <p className="soft small">
          {state}{' '}
          <span className="unfinished-time">Clicked at {new Date(createdAt).toLocaleTimeString(undefined, { timeStyle: 'short' })}.</span>
        </p>
        <p className="small" role="status">
          {note}
        </p>
      </div>
      <div className="unfinished-actions">
        {phase !== 'sending' && (
          <button type="button" className="plain-button" onClick={onRetry}>
            {needsPerson ? 'Try again' : 'Try now'}
            <span className="unseen">: {title}</span>
          </button>
        )}
        <button
          type="button"
          className="plain-button"
          data-quiet
          onClick={() => void onDiscard().then((answer) => setNote(ANSWERS[answer]))}
        >
          {phase === 'dead' ? 'Dismiss' : 'Take back'}
          <span className="unseen">: {title}</span>
        </button>
      </div>
    </li>
  )
}
