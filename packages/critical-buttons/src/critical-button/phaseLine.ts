import type { MutationError, MutationView } from '@org/sync-core'
import type { ActionMessages, CommonMessages, Words } from '../messages/Messages.js'
import type { ButtonPhase } from '../mutation-controller/phase.js'

/** What a person can do about a state. */
export type StatusAction = 'tryAgain' | 'tryNow' | 'checkAgain' | 'retryFailed' | 'sendAgain' | 'undo' | 'cancel' | 'dismiss'

export type StatusTone = 'info' | 'warning' | 'error'

/** Where things stand, and what can be done about it. */
export interface PhaseLine {
  tone: StatusTone
  text: string
  actions: readonly StatusAction[]
}

export interface PhaseLineInput {
  phase: ButtonPhase
  view: MutationView | undefined
  error: MutationError | undefined
  /** The click repeated one that had just succeeded. */
  repeated: boolean
  online: boolean
  /** Epoch ms. */
  now: number
  words: Words
  say: ActionMessages
  messages: CommonMessages
  /** Attempts are shown by a progress bar already. */
  progress: boolean
  /** Who changed the record, in a conflict. */
  changedBy: string | undefined
  /** What the record says now, in a conflict. */
  currentValue?: string | undefined
}

/** What the person wanted is already so: no failure in their eyes. */
const ALREADY_SO = ['ALREADY_CONFIRMED', 'ALREADY_HAS_STATUS']
/** Trying again would only be refused again. */
const POINTLESS = [...ALREADY_SO, 'STATUS_FINAL', 'NOT_CONFIRMABLE', 'NOT_FOUND', 'OPTED_OUT', 'PHONE_INVALID']

/** Says where a mutation stands; undefined when the button itself says enough. Pure. */
export function phaseLine(input: PhaseLineInput): PhaseLine | undefined {
  const { phase, messages, say, words, view, error, progress } = input
  // Before the first attempt nothing has left this device, so taking it back is certain.
  const takeBack = view?.attempt === 0 ? 'undo' : 'cancel'
  switch (phase) {
    case 'retrying':
      return line('info', [takeBack], say.stillPending(words), !progress && view && messages.attempt(view.attempt, view.maxAttempts))
    case 'queued':
      return line('info', input.online ? ['tryNow', takeBack] : [takeBack], queuedText(input))
    case 'circuit-open':
      return line('warning', ['tryNow', takeBack], messages.busy, nextTry(input))
    case 'checking':
      return line('info', [], view?.untried ? messages.waiting : (say.checking?.(words) ?? messages.checking))
    case 'success':
      return input.repeated ? line('info', ['sendAgain', 'dismiss'], messages.repeated) : undefined
    case 'partial':
      return line(
        'warning',
        retriableCount(error) > 0 ? ['retryFailed', 'dismiss'] : ['dismiss'],
        messages.partial(error?.updated ?? 0, error?.failed ?? 0, error?.unchanged ?? 0, error?.cancelled),
      )
    case 'conflict':
      return line(
        'error',
        ['tryAgain', 'dismiss'],
        conflictText(input) ?? messages.conflict(say.record(words), input.changedBy),
        !words.status && input.currentValue && messages.conflictNow(input.currentValue),
      )
    case 'unknown':
      return line('warning', ['checkAgain', 'dismiss'], messages.unknown)
    case 'error':
      return errorLine(input)
    default:
      return undefined
  }
}

/** True when a refusal says that it is already as wanted. Pure. */
export function isAlreadySo(phase: ButtonPhase, error: MutationError | undefined): boolean {
  return phase === 'error' && ALREADY_SO.includes(error?.code ?? '')
}

/** True unless another attempt could only be refused again. Pure. */
export function isWorthRetrying({ code }: { code: string } = { code: '' }): boolean {
  return !POINTLESS.includes(code)
}

/** How many of a bulk action's failures may succeed on another attempt. Pure. */
export function retriableCount(error: MutationError | undefined): number {
  return error?.failures?.filter(isWorthRetrying).length ?? error?.failed ?? 0
}

/** What was wanted and what someone else set instead; undefined when one of them is not known. Pure. */
export function conflictText({ messages, words, changedBy, currentValue }: PhaseLineInput): string | undefined {
  return words.status && currentValue ? messages.conflictValues(words.status, changedBy, currentValue) : undefined
}

/** Trying again after a conflict says what for. Pure. */
export function tryAgainLabel({ phase, messages, say, words }: Pick<PhaseLineInput, 'phase' | 'messages' | 'say' | 'words'>): string {
  return (phase === 'conflict' ? say.overrule?.(words) : undefined) ?? messages.buttons.tryAgain
}

function errorLine({ phase, error, messages, say, words }: PhaseLineInput): PhaseLine {
  const reason = errorText(error, messages)
  if (isAlreadySo(phase, error)) return line('info', ['dismiss'], reason)
  return line('error', isWorthRetrying(error) ? ['tryAgain', 'dismiss'] : ['dismiss'], say.failed(words), reason)
}

function queuedText(input: PhaseLineInput): string {
  const { online, messages, say, words, view } = input
  const next = view?.error?.code === 'UNAUTHENTICATED' ? messages.signIn : nextTry(input)
  return sentences(
    online ? messages.waiting : messages.offline,
    online ? next : say.queued(words),
    view?.durability === 'memory' && messages.memoryOnly,
  )
}

function nextTry({ view, now, messages }: PhaseLineInput): string | undefined {
  const inMs = (view?.nextRetryAt ?? 0) - now
  return inMs > 0 ? messages.tryingAgainIn(inMs) : undefined
}

function line(tone: StatusTone, actions: readonly StatusAction[], ...texts: Sentence[]): PhaseLine {
  return { tone, actions, text: sentences(...texts) }
}

type Sentence = string | false | undefined

/** Joins sentences that carry no full stop. */
export function sentences(...parts: readonly Sentence[]): string {
  return parts.filter(Boolean).join('. ')
}

/** The reason a person reads: the catalogue's for this code, else the server's. Pure. */
export function errorText(error: MutationError | undefined, messages: CommonMessages): string {
  return error ? (messages.errors[error.code] ?? error.message).replace(/\.$/, '') : ''
}
