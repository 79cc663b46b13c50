'use client'
import { type HTMLAttributes, useEffect, useMemo, useRef } from 'react'
import { announceInDocument } from '../announcer/announce.js'
import { callHost } from '../critical-button/callHost.js'
import { Icon } from '../critical-button/Icon.js'
import { part } from '../critical-button/part.js'
import { useConnectivity } from '../hooks/useConnectivity.js'
import { useIdentity } from '../hooks/useIdentity.js'
import { useSyncClient } from '../hooks/useSyncClient.js'
import { createFormatter } from '../messages/format.js'
import { useEnvironment } from '../provider/environment.js'
import { type IndicatorState, indicatorState, indicatorText } from './indicatorState.js'
import { createIndicatorWords } from './indicatorWords.js'

const english = createIndicatorWords(createFormatter('en'))

export interface OfflineIndicatorProps extends Omit<HTMLAttributes<HTMLDivElement>, 'children' | 'role'> {
  /** Also says that everything is sent, instead of rendering nothing; never while that is not known. @default false */
  alwaysShown?: boolean
  /** The page with the inspector, or with the records themselves: what needs attention then leads there. @default no link */
  attentionHref?: string
}

/** Says that the person is offline, what waits, and what needs them. Renders nothing when all is well. */
export function OfflineIndicator({ alwaysShown = false, attentionHref, className, ...rest }: OfflineIndicatorProps) {
  const client = useSyncClient()
  const { announce = announceInDocument, messages } = useEnvironment()
  const words = useMemo(() => ({ ...english, ...messages?.indicator }), [messages])
  const connectivity = useConnectivity(client)
  const identity = useIdentity(client)
  const state = indicatorState(connectivity, identity)
  const text = indicatorText(state, connectivity, identity, words)

  const last = useRef<IndicatorState>('online')
  useEffect(() => {
    if (state === last.current) return
    const isBack = last.current === 'offline'
    last.current = state
    if (state === 'offline' || isBack) callHost(() => announce({ text: isBack ? words.backOnline : text, politeness: 'polite' }))
  }, [state, text, announce, words])

  if (state === 'unknown' || (state === 'online' && !alwaysShown)) return null
  // Being offline is only believed; and nobody can send what waits for somebody else to sign in.
  const canSync = connectivity.pendingCount > 0 && 'actor' in identity
  return (
    <div {...rest} {...part('indicator', className)} data-component="OfflineIndicator" data-state={state} data-tone={LOOKS[state][0]}>
      <Icon name={LOOKS[state][1]} />
      {state === 'attention' && attentionHref !== undefined ? (
        <a {...part('label')} href={attentionHref} style={LINK}>
          {text}
        </a>
      ) : (
        <span {...part('label')}>{text}</span>
      )}
      {canSync && (
        <button type="button" {...part('action')} data-action="sync" onClick={() => void client.syncQueue()}>
          {words.syncNow}
        </button>
      )}
    </div>
  )
}

/** As tall as a finger needs, in the words' own colour. */
const LINK = { color: 'inherit', paddingBlock: '0.25rem' }

const LOOKS = {
  online: ['green', 'check'],
  offline: ['yellow', 'clock'],
  sending: ['info', 'spinner'],
  waiting: ['yellow', 'clock'],
  attention: ['warning', 'warning'],
} as const
