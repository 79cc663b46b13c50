import type { MutationError, MutationView } from '@org/sync-core'
import type { PhaseLineInput, StatusAction } from './phaseLine.js'
import { sentences } from './sentences.js'

/** Up to here an attempt comes so soon that it is as good as under way. */
const A_MOMENT_MS = 5_000
/** Nothing is planned further ahead (sync-core's LONGEST_WAIT_MS): what seems to be was planned before the clock stepped back. */
const LONGEST_WAIT_MS = 18 * 60_000

/** What is said, and can be done, while the client goes on by itself. */
interface Waiting {
  text: string
  actions: readonly StatusAction[]
}

/**
 * A click that waits for the network, the service or the sign-in. Only of one that certainly has not arrived it may be
 * said that it is still to be sent. Pure.
 */
export function waitingLine(input: PhaseLineInput): Waiting {
  const { messages, say, words, view, phase, now } = input
  const memory = view?.durability === 'memory' && messages.memoryOnly
  if (view?.waitsFor === 'network') {
    // Too old by then, it will be refused: that it is done then would be no truth.
    const toBeSent = isBegun(view) || now >= view.expiresAt ? messages.waiting : say.queued(words)
    const text = view.ambiguous ? offlineAndOpen(input) : sentences(messages.offline, soFar(input), toBeSent)
    return { text: sentences(text, memory), actions: [takeBack(view)] }
  }
  const isBusy = phase === 'circuit-open'
  const where = view?.ambiguous ? messages.mayBeDone : !isBusy && messages.waiting
  const why = isBusy ? [messages.busy, nextTry(input)] : reasonTexts(input)
  return { text: sentences(soFar(input), where, ...why, memory), actions: ['tryNow', takeBack(view)] }
}

/** A click between its first attempts. Where the next one is further off than a moment, nothing is under way. Pure. */
export function retryingLine(input: PhaseLineInput): Waiting {
  const { messages, say, words, view, progress } = input
  const isFarOff = waitOf(input) >= A_MOMENT_MS
  const attempt = !progress && view && messages.attempt(view.attempt, view.maxAttempts)
  const text = sentences(say.stillPending(words), attempt, isFarOff && nextTry(input))
  return { text, actions: isFarOff ? ['tryNow', takeBack(view)] : [takeBack(view)] }
}

/** A click that the server has, or may have. Pure. */
export function checkingLine(input: PhaseLineInput): Waiting {
  const { messages, say, words, view, error } = input
  if (view?.waitsFor === 'network') return { text: offlineAndOpen(input), actions: [] }
  if (view?.untried) return { text: messages.waiting, actions: ['cancel'] }
  if (error === undefined || isRefusal(error)) return { text: say.checking?.(words) ?? messages.checking, actions: ['cancel'] }
  return { text: sentences(soFar(input), messages.mayBeDone, messages.noAnswer, nextTry(input)), actions: ['tryNow', takeBack(view)] }
}

/** Before the first attempt nothing has left this device, so taking it back is certain. Pure. */
export function takeBack(view: MutationView | undefined): 'undo' | 'cancel' {
  return view?.attempt === 0 && !view.ambiguous ? 'undo' : 'cancel'
}

// The server's own words about the click, which prove nothing of an earlier attempt; anything else is no answer.
function isRefusal({ status = 0, code }: MutationError): boolean {
  return status >= 400 && status < 500 && code !== 'NO_ECHO' && !code.startsWith('HTTP_')
}

function offlineAndOpen(input: PhaseLineInput): string {
  const { messages } = input
  return sentences(messages.offline, soFar(input), messages.mayBeDone, messages.settledOnReconnect)
}

// Some of a bulk action's parts have ended: from then on no sentence may speak of all of it.
function isBegun({ progress: { processed, total } }: MutationView): boolean {
  return processed > 0 && processed < total
}

/** How far a bulk action has come, where no bar shows it. */
function soFar({ view, messages, progress }: PhaseLineInput): string | false {
  if (view === undefined || progress || !isBegun(view)) return false
  const { processed, total, failed } = view.progress
  return messages.bulkProgress(processed, total, failed)
}

/** Why it waits, and until when. */
function reasonTexts(input: PhaseLineInput): (string | undefined)[] {
  const { messages, view, error } = input
  // The network is spoken of elsewhere.
  const reason = view?.waitsFor as Exclude<MutationView['waitsFor'], 'network'>
  const why = reason && messages.identity[reason]
  if (reason === 'token-unavailable') return [why, messages.sentWhenKnown]
  if (reason === 'token-refused' || reason === 'actor-differs' || error?.code === 'UNAUTHENTICATED') return [why, messages.signIn]
  return [why, nextTry(input)]
}

function nextTry(input: PhaseLineInput): string | undefined {
  const inMs = waitOf(input)
  return inMs > 0 && inMs <= LONGEST_WAIT_MS ? input.messages.tryingAgainIn(inMs) : undefined
}

/** Until the next attempt, in ms; not above 0 where none is planned. */
function waitOf({ view, now }: PhaseLineInput): number {
  return (view?.nextRetryAt ?? 0) - now
}
