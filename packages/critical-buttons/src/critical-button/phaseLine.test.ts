import { describe, expect, it } from '@jest/globals'
import type { MutationError, MutationView } from '@org/sync-core'
import { catalogues } from '../../.storybook/stage/catalogues.js'
import type { CatalogueInUse, CommonMessages } from '../messages/Messages.js'
import { mergeMessages } from '../messages/mergeMessages.js'
import { smsWords } from '../send-sms-button/smsWords.js'
import { actionMessages } from './actionMessages.js'
import { announcementOf } from './announcementOf.js'
import { commonWords } from './commonWords.js'
import { type PhaseLineInput, phaseLine } from './phaseLine.js'

interface Situation {
  phase: MutationView['phase']
  view?: Partial<MutationView>
  error?: Partial<MutationError>
  offline?: boolean
  reason?: MutationView['waitsFor']
}

const NOW = 1_000_000

function inputFor({ phase, view, error, offline = false, reason }: Situation, messages: CommonMessages = commonWords): PhaseLineInput {
  const failure = error && { code: 'X', message: 'Text', willRetry: false, ...error }
  return {
    phase,
    view: {
      id: 'm',
      actionName: 'sms.send',
      request: {},
      lanes: [],
      phase,
      attempt: 1,
      failures: 0,
      maxAttempts: 5,
      nextRetryAt: null,
      expiresAt: NOW + 60_000,
      submittedAt: 0,
      waitsFor: offline ? 'network' : reason,
      ambiguous: false,
      untried: false,
      unreadable: false,
      durability: 'disk',
      ownTab: true,
      progress: { processed: 0, total: 1, failed: 0 },
      data: phase === 'success' ? { success: true } : undefined,
      error: failure,
      settled: false,
      ...view,
    },
    error: failure,
    repeated: false,
    now: NOW,
    words: { subject: 'Anna Kim' },
    say: actionMessages(messages, 'sms.send', smsWords, undefined),
    messages,
    progress: false,
    changedBy: 'Priya',
    currentValue: undefined,
  }
}

const inThirtySeconds = { nextRetryAt: NOW + 30_000 }
const halfDone = { progress: { processed: 200, total: 500, failed: 0 } }
const mayHaveArrived = { ambiguous: true, attempt: 2 }

/** Each situation a click can be in, what is said of it, and what can be done. */
const TABLE: readonly [Situation, string, string][] = [
  // Under way.
  [{ phase: 'retrying', view: { attempt: 2 } }, 'Still sending. Attempt 2 of 5', 'cancel'],
  [{ phase: 'retrying', view: { attempt: 2, nextRetryAt: NOW + 4_000 } }, 'Still sending. Attempt 2 of 5', 'cancel'],
  // Nothing is under way for longer than a moment.
  [{ phase: 'retrying', view: inThirtySeconds }, 'Still sending. Attempt 1 of 5. Trying again in about 30 seconds', 'tryNow cancel'],
  // Known not to have left this device.
  [{ phase: 'queued', view: { attempt: 0 }, offline: true }, 'You are offline. SMS will be sent when you reconnect', 'undo'],
  [{ phase: 'queued', view: { attempt: 0 } }, 'Waiting to be sent', 'tryNow undo'],
  // It will be refused by then, as it is too old.
  [{ phase: 'queued', view: { attempt: 0, expiresAt: NOW }, offline: true }, 'You are offline. Waiting to be sent', 'undo'],
  // Storage was left meanwhile: another tab may have sent it.
  [
    { phase: 'queued', view: { attempt: 0, ambiguous: true }, offline: true },
    'You are offline. It may have taken effect already. That is settled when you reconnect',
    'cancel',
  ],
  // Known not to have taken effect: each attempt was turned away.
  [{ phase: 'queued', view: inThirtySeconds }, 'Waiting to be sent. Trying again in about 30 seconds', 'tryNow cancel'],
  [{ phase: 'circuit-open', view: inThirtySeconds }, 'Service is busy. Trying again in about 30 seconds', 'tryNow cancel'],
  [{ phase: 'circuit-open', view: inThirtySeconds, offline: true }, 'You are offline. SMS will be sent when you reconnect', 'cancel'],
  // Not known, while the client goes on by itself.
  [
    { phase: 'queued', view: mayHaveArrived, offline: true },
    'You are offline. It may have taken effect already. That is settled when you reconnect',
    'cancel',
  ],
  [
    { phase: 'queued', view: { ...mayHaveArrived, ...inThirtySeconds } },
    'It may have taken effect already. Trying again in about 30 seconds',
    'tryNow cancel',
  ],
  [
    { phase: 'circuit-open', view: { ...mayHaveArrived, ...inThirtySeconds } },
    'It may have taken effect already. Service is busy. Trying again in about 30 seconds',
    'tryNow cancel',
  ],
  [{ phase: 'checking', view: { ambiguous: true } }, 'Checking whether it was sent; this can take up to 5 minutes', 'cancel'],
  [
    { phase: 'checking', view: { ambiguous: true }, error: { code: 'FORBIDDEN', status: 403 } },
    'Checking whether it was sent; this can take up to 5 minutes',
    'cancel',
  ],
  [
    { phase: 'checking', view: { ambiguous: true }, offline: true },
    'You are offline. It may have taken effect already. That is settled when you reconnect',
    '',
  ],
  [{ phase: 'checking', view: { untried: true } }, 'Waiting to be sent', 'cancel'],
  [
    { phase: 'checking', view: { untried: true }, offline: true },
    'You are offline. It may have taken effect already. That is settled when you reconnect',
    '',
  ],
  ...['NO_ECHO', 'TIMEOUT', 'OFFLINE', 'ANSWER_INVALID', 'HTTP_502', 'INTERNAL'].map((code): [Situation, string, string] => [
    { phase: 'checking', view: mayHaveArrived, error: { code, willRetry: true } },
    'It may have taken effect already. The server has not answered about it yet, and is asked again by itself',
    'tryNow cancel',
  ]),
  // A bulk action of which a part has ended: no sentence speaks of all of it.
  [{ phase: 'queued', view: halfDone, offline: true }, 'You are offline. 200 of 500 updated. Waiting to be sent', 'cancel'],
  [
    { phase: 'queued', view: { ...halfDone, ambiguous: true }, offline: true },
    'You are offline. 200 of 500 updated. It may have taken effect already. That is settled when you reconnect',
    'cancel',
  ],
  [
    { phase: 'queued', view: { ...halfDone, progress: { processed: 200, total: 500, failed: 200 } }, offline: true },
    'You are offline. 0 of 500 updated, 200 failed. Waiting to be sent',
    'cancel',
  ],
  [
    { phase: 'queued', view: { ...halfDone, ...inThirtySeconds } },
    '200 of 500 updated. Waiting to be sent. Trying again in about 30 seconds',
    'tryNow cancel',
  ],
  [{ phase: 'circuit-open', view: halfDone }, '200 of 500 updated. Service is busy', 'tryNow cancel'],
  [
    { phase: 'checking', view: halfDone, error: { code: 'TIMEOUT' } },
    '200 of 500 updated. It may have taken effect already. The server has not answered about it yet, and is asked again by itself',
    'tryNow cancel',
  ],
  // Waiting for who is signed in.
  [
    { phase: 'queued', view: { attempt: 0 }, reason: 'token-unavailable' },
    'Waiting to be sent. It is not known right now whether you are signed in. It is sent as soon as that is known',
    'tryNow undo',
  ],
  [
    { phase: 'queued', view: mayHaveArrived, reason: 'token-unavailable' },
    'It may have taken effect already. It is not known right now whether you are signed in. It is sent as soon as that is known',
    'tryNow cancel',
  ],
  [
    { phase: 'queued', view: { attempt: 0 }, error: { code: 'UNAUTHENTICATED' } },
    'Waiting to be sent. It is sent as soon as you are signed in again',
    'tryNow undo',
  ],
  [
    { phase: 'queued', view: { attempt: 0 }, reason: 'token-refused', error: { code: 'UNAUTHENTICATED' } },
    'Waiting to be sent. You are not signed in, or your session has ended. It is sent as soon as you are signed in again',
    'tryNow undo',
  ],
  [
    { phase: 'queued', view: { attempt: 0 }, reason: 'actor-differs' },
    'Waiting to be sent. Someone else may be signed in here now. It is sent as soon as you are signed in again',
    'tryNow undo',
  ],
  [
    { phase: 'queued', view: inThirtySeconds, reason: 'api-unreachable' },
    'Waiting to be sent. The server cannot be reached right now. Trying again in about 30 seconds',
    'tryNow cancel',
  ],
  [
    { phase: 'queued', view: { attempt: 0 }, reason: 'api-misconfigured' },
    'Waiting to be sent. Something else answers in place of the server',
    'tryNow undo',
  ],
  // Ended.
  [{ phase: 'success', view: { data: undefined, unreadable: true } }, 'Done, but the details of the answer could not be read', 'dismiss'],
  [{ phase: 'partial', error: { updated: 2, failed: 1, unchanged: 0 } }, '2 updated, 1 failed', 'retryFailed dismiss'],
  [
    { phase: 'partial', error: { code: 'PARTIAL', message: 'Some of it was not carried out.' } },
    'Some of it was not carried out',
    'dismiss',
  ],
  [{ phase: 'partial', error: { code: 'PARTIAL', updated: 0, failed: 0, unchanged: 0 } }, 'Text', 'dismiss'],
  [{ phase: 'conflict', error: { code: 'VERSION_CONFLICT' } }, 'Not saved. Lead was changed by Priya', 'tryAgain dismiss'],
  [{ phase: 'error', error: { code: 'SMS_REJECTED' } }, 'SMS not sent. Text', 'tryAgain dismiss'],
  [
    { phase: 'error', view: { progress: { processed: 200, total: 450, failed: 0 } }, error: { code: 'EFFECT_REFUSED' } },
    '200 of 450 updated. Text',
    'tryAgain dismiss',
  ],
  [
    { phase: 'unknown', error: { code: 'OUTCOME_UNKNOWN' } },
    'Outcome unknown. Look at the record before you try again',
    'checkAgain dismiss',
  ],
  [
    { phase: 'unknown', view: { progress: { processed: 200, total: 450, failed: 3 } } },
    '197 of 450 updated, 3 failed. Outcome unknown. Look at the record before you try again',
    'checkAgain dismiss',
  ],
]

describe('what was sent a moment ago', () => {
  const repeated = (fields: Partial<PhaseLineInput>) => phaseLine({ ...inputFor({ phase: 'success' }), repeated: true, ...fields })

  it('may be sent again, and says whose it was where somebody else had sent it', () => {
    const actions = ['sendAgain', 'dismiss']
    expect(repeated({})).toEqual({ tone: 'info', text: 'Sent a moment ago, so it was not sent twice', actions })
    const text = 'Ben sent it a moment ago, so it was not sent twice'
    expect(repeated({ repeatedOf: 'Ben' })).toEqual({ tone: 'info', text, actions })
  })

  it('may be sent again also where nobody knows whether it was, if there is a way to mean it', () => {
    expect(phaseLine({ ...inputFor({ phase: 'unknown' }), sendAgain: () => {} })?.actions).toEqual(['checkAgain', 'sendAgain', 'dismiss'])
    expect(phaseLine(inputFor({ phase: 'unknown' }))?.actions).toEqual(['checkAgain', 'dismiss'])
  })
})

describe('what is said of a click', () => {
  it.each(TABLE.map(([situation, text, actions]) => [JSON.stringify(situation), situation, text, actions] as const))(
    '%s',
    (_, situation, text, actions) => {
      const line = phaseLine(inputFor(situation))
      expect([line?.text, line?.actions.join(' ')]).toEqual([text, actions])
    },
  )
})

const languages: [string, CommonMessages][] = [
  ['en', commonWords],
  ...Object.entries(catalogues).map(([locale, parts]): [string, CatalogueInUse] => [
    locale,
    mergeMessages<CatalogueInUse>(commonWords, parts),
  ]),
]

describe.each(languages)('in %s', (_, messages) => {
  const said = (situation: Situation) => {
    const input = inputFor(situation, messages)
    return [phaseLine(input)?.text ?? '', announcementOf(input).text]
  }
  const isNotKnown = ({ phase, view }: Situation) =>
    phase === 'unknown' || (phase === 'checking' && !view?.untried) || view?.ambiguous === true
  const words = { subject: 'Anna Kim' }
  const say = actionMessages(messages, 'sms.send', smsWords, undefined)
  /** Whoever reads one of these believes that it has not taken effect. */
  const NOT_DONE = [say.failed(words), say.queued(words), messages.waiting, messages.conflict(say.record(words), 'Priya')]
  /** Whoever reads one of these knows that it may have. */
  const NOT_KNOWN = [messages.unknown, messages.mayBeDone, messages.checking, say.checking?.(words) ?? messages.checking]

  it('says "not" of nothing that may have taken effect', () => {
    for (const [situation] of TABLE.filter(([situation]) => isNotKnown(situation)))
      for (const text of said(situation)) expect([text, NOT_DONE.filter((not) => text.includes(not))]).toEqual([text, []])
  })

  it('says "not known" of nothing that is known', () => {
    for (const [situation] of TABLE.filter(([situation]) => !isNotKnown(situation) && !(situation.offline && situation.view?.untried)))
      for (const text of said(situation)) expect([text, NOT_KNOWN.filter((not) => text.includes(not))]).toEqual([text, []])
  })

  it('has words of its own for each', () => {
    const all = [...NOT_DONE, ...NOT_KNOWN]
    expect(new Set(all).size).toBe(all.length)
  })
})
