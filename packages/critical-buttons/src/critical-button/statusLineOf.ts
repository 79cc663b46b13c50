import type { MutationError, MutationView } from '@org/sync-core'
import type { ActionMessages, Messages, Words } from '../messages/Messages.js'
import type { ButtonPhase } from '../mutation-controller/phase.js'

/** What a person can do about a state. */
export type StatusAction = 'tryAgain' | 'tryNow' | 'checkAgain' | 'retryFailed' | 'sendAgain' | 'undo' | 'cancel' | 'dismiss'

export type StatusTone = 'info' | 'warning' | 'error'

/** The line under a button: where things stand, and what can be done about it. */
export interface StatusLineContent {
  tone: StatusTone
  text: string
  actions: readonly StatusAction[]
}

export interface StatusLineInput {
  phase: ButtonPhase
  view: MutationView | undefined
  error: MutationError | undefined
  /** The click repeated one that had just succeeded. */
  repeated: boolean
  online: boolean
  /** Epoch ms. */
  now: number
  words: Words
  actionMessages: ActionMessages
  messages: Messages
  /** Attempts are shown by a progress bar already. */
  progress: boolean
  /** Who changed the record, in a conflict. */
  changedBy: string | undefined
  /** What the record says now, in a conflict. */
  currentValue: string | undefined
}

/** Done already, or never possible: trying again would only be refused again. */
const POINTLESS_TO_RETRY = new Set(['ALREADY_CONFIRMED', 'ALREADY_HAS_STATUS', 'STATUS_FINAL', 'NOT_CONFIRMABLE', 'NOT_FOUND', 'OPTED_OUT'])
/** What the person wanted is already so: no failure in their eyes. */
const ALREADY_SO = new Set(['ALREADY_CONFIRMED', 'ALREADY_HAS_STATUS'])

/** Says where a mutation stands; undefined when the button itself says enough. Pure. */
export function statusLineOf(input: StatusLineInput): StatusLineContent | undefined {
  const { phase, messages, actionMessages, words } = input
  switch (phase) {
    case 'idle':
    case 'confirming':
    case 'running':
      return undefined
    case 'retrying':
      return { tone: 'info', text: sentences(actionMessages.stillPending(words), attemptText(input)), actions: [takeBack(input)] }
    case 'queued':
      return { tone: 'info', text: queuedText(input), actions: input.online ? ['tryNow', takeBack(input)] : [takeBack(input)] }
    case 'circuit-open':
      return { tone: 'warning', text: sentences(messages.busy, nextTryText(input)), actions: ['tryNow', takeBack(input)] }
    case 'checking':
      return { tone: 'info', text: messages.checking, actions: [] }
    case 'success':
      return input.repeated ? { tone: 'info', text: messages.repeated, actions: ['sendAgain', 'dismiss'] } : undefined
    case 'partial':
      return { tone: 'warning', text: partialText(input), actions: ['retryFailed', 'dismiss'] }
    case 'conflict':
      return { tone: 'error', text: conflictText(input), actions: ['tryAgain', 'dismiss'] }
    case 'unknown':
      return { tone: 'warning', text: messages.unknown, actions: ['checkAgain', 'dismiss'] }
    case 'error':
      return errorLine(input)
    default:
      return phase satisfies never
  }
}

function errorLine({ error, messages, actionMessages, words }: StatusLineInput): StatusLineContent {
  const code = error?.code ?? ''
  const reason = errorText(error, messages)
  if (ALREADY_SO.has(code)) return { tone: 'info', text: reason, actions: ['dismiss'] }
  const text = sentences(actionMessages.failed(words), reason)
  return { tone: 'error', text, actions: POINTLESS_TO_RETRY.has(code) ? ['dismiss'] : ['tryAgain', 'dismiss'] }
}

/** The reason a person reads: the catalogue's for this code, else the server's. Pure. */
export function errorText(error: MutationError | undefined, messages: Messages): string {
  return error === undefined ? '' : (messages.errors[error.code] ?? error.message).replace(/\.$/, '')
}

/** Joins sentences that carry no full stop. */
export function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join('. ')
}

// Before the first attempt nothing has left this device, so taking it back is certain.
function takeBack({ view }: StatusLineInput): StatusAction {
  return view?.attempt === 0 ? 'undo' : 'cancel'
}

function attemptText({ view, messages, progress }: StatusLineInput): string | undefined {
  return view === undefined || progress ? undefined : messages.attempt(view.attempt, view.maxAttempts)
}

function queuedText(input: StatusLineInput): string {
  const { online, messages, actionMessages, words, view } = input
  const where = online ? sentences(messages.waiting, nextTryText(input)) : sentences(messages.offline, actionMessages.queued(words))
  return view?.durability === 'memory' ? sentences(where, messages.memoryOnly) : where
}

function nextTryText({ view, now, messages }: StatusLineInput): string | undefined {
  const at = view?.nextRetryAt
  return at === null || at === undefined || at <= now ? undefined : messages.tryingAgainIn(at - now)
}

function partialText({ view, messages }: StatusLineInput): string {
  const updated = view?.error?.updated ?? (view === undefined ? 0 : view.progress.processed - view.progress.failed)
  return messages.partial(updated, view?.error?.failed ?? view?.progress.failed ?? 0)
}

function conflictText({ messages, actionMessages, words, changedBy, currentValue }: StatusLineInput): string {
  const text = messages.conflict(actionMessages.record(words), changedBy)
  return currentValue === undefined ? text : sentences(text, messages.conflictNow(currentValue))
}
