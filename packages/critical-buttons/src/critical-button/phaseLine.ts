import type { MutationError, MutationView } from '@org/sync-core'
import type { ActionMessages, CommonMessages, Words } from '../messages/Messages.js'
import type { ButtonPhase } from '../mutation-controller/phase.js'
import { type Sentence, sentences } from './sentences.js'
import { checkingLine, retryingLine, waitingLine } from './waitingLine.js'

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
  /** Why nothing can be clicked, and whether somebody has tried. */
  why?: string | undefined
  inVain?: boolean
  /** The click repeated one that had just succeeded. */
  repeated: boolean
  /** Whose that one was, where it was somebody else's. */
  repeatedOf?: string | undefined
  /** Set where the same may be meant once more. */
  sendAgain?: (() => void) | undefined
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

const AGAIN: readonly StatusAction[] = ['sendAgain']
/** What the person wanted is already so: no failure in their eyes. */
const ALREADY_SO = ['ALREADY_CONFIRMED', 'ALREADY_HAS_STATUS']
/** Trying again would only be refused again. */
const POINTLESS = [
  ...ALREADY_SO,
  'STATUS_FINAL',
  'NOT_CONFIRMABLE',
  'NOT_FOUND',
  'OPTED_OUT',
  'PHONE_INVALID',
  'INVALID_REQUEST',
  'VALIDATION_FAILED',
]

/**
 * Says where a mutation stands; undefined when the button itself says enough. What is known not to have happened and
 * what is not known never share a sentence. Pure.
 */
export function phaseLine(input: PhaseLineInput): PhaseLine | undefined {
  const { phase, messages, say, words, view, error } = input
  switch (phase) {
    case 'idle':
      return input.inVain && input.why ? line('warning', [], input.why) : undefined
    case 'retrying':
      return { tone: 'info', ...retryingLine(input) }
    case 'queued':
      return { tone: 'info', ...waitingLine(input) }
    case 'circuit-open':
      return { tone: 'warning', ...waitingLine(input) }
    case 'checking':
      return { tone: 'info', ...checkingLine(input) }
    case 'success':
      if (view?.unreadable) return line('info', ['dismiss'], messages.unreadable)
      return input.repeated ? line('info', ['sendAgain', 'dismiss'], repeatedText(input)) : undefined
    case 'partial':
      return line('warning', retriableCount(error) > 0 ? ['retryFailed', 'dismiss'] : ['dismiss'], partialText(input))
    case 'conflict':
      return line(
        'error',
        ['tryAgain', 'dismiss'],
        conflictText(input) ?? messages.conflict(say.record(words), input.changedBy),
        !words.status && input.currentValue && messages.conflictNow(input.currentValue),
      )
    case 'unknown':
      return line('warning', ['checkAgain', ...(input.sendAgain ? AGAIN : []), 'dismiss'], soFar(input), messages.unknown)
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

function errorLine(input: PhaseLineInput): PhaseLine {
  const { phase, error, messages, say, words } = input
  const reason = reasonText(error, messages, say)
  if (isAlreadySo(phase, error)) return line('info', ['dismiss'], reason)
  return line('error', isWorthRetrying(error) ? ['tryAgain', 'dismiss'] : ['dismiss'], soFar(input) ?? say.failed(words), reason)
}

function repeatedText({ messages, repeatedOf }: PhaseLineInput): string {
  return repeatedOf === undefined ? messages.repeated : messages.repeatedOf(repeatedOf)
}

// Some of a bulk action's parts may have taken effect before the others came to a halt.
function soFar({ view, messages }: PhaseLineInput): string | undefined {
  const { processed, total, failed } = view?.progress ?? { processed: 0, total: 0, failed: 0 }
  return processed > failed && processed < total ? messages.bulkProgress(processed, total, failed) : undefined
}

// Without counts nothing is counted: "0 updated, 0 failed" says nothing and sounds like something.
function partialText({ error, messages }: PhaseLineInput): string {
  const { updated = 0, failed = 0, unchanged = 0, cancelled = 0 } = error ?? {}
  return updated + failed + unchanged + cancelled > 0
    ? messages.partial(updated, failed, unchanged, cancelled)
    : reasonText(error, messages)
}

function line(tone: StatusTone, actions: readonly StatusAction[], ...texts: readonly Sentence[]): PhaseLine {
  return { tone, actions, text: sentences(...texts) }
}

/** The reason a person reads: the catalogue's for this problem or code, else the one that came with it. Pure. */
export function reasonText(
  error: Pick<MutationError, 'problem' | 'code' | 'message'> | undefined,
  messages: CommonMessages,
  say?: ActionMessages,
): string {
  if (error === undefined) return ''
  const { problem, code, message } = error
  // A text for the code alone would hide which rule it is.
  const known = problem ? (say?.problem?.(problem) ?? messages.problem?.(problem)) : messages.errors[code]
  // `constructor` may be a code too, and is no text.
  return (typeof known === 'string' ? known : message).replace(/\.$/, '')
}
