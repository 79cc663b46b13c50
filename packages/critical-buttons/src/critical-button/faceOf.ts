import type { AnyAction } from '@org/contracts/client'
import type { ErrorOf } from '@org/sync-core'
import type { ActionMessages, Words } from '../messages/Messages.js'
import { isSendingPhase } from '../mutation-controller/phase.js'
import { actionMessages } from './actionMessages.js'
import type { ButtonMoment } from './ButtonMoment.js'
import type { CriticalButtonState } from './CriticalButtonState.js'
import { isAlreadySo } from './phaseLine.js'
import { PHASE_LOOKS } from './phaseLooks.js'

/** What one rendering shows, and whether a click does anything. */
export interface Face<A extends AnyAction> {
  shown: Pick<CriticalButtonState<A>, 'phase' | 'label' | 'showsDone' | 'icon' | 'isLocked' | 'attempt' | 'error'>
  say: ActionMessages
  words: Words
  /** Why nothing can be clicked. */
  why: string | undefined
  /** There is a line of words about it, or a mutation that may get one. */
  isDescribed: boolean
  /** To be told to its owner. */
  isAlreadyDone: boolean
}

/** What a mutation, the record and the host come to. */
export function faceOf<A extends AnyAction>({
  surroundings,
  action,
  options,
  preset,
  request,
  controller,
  snapshot,
}: ButtonMoment<A>): Face<A> {
  const { messages } = surroundings
  const { view, notReady } = snapshot
  const say = actionMessages(messages, action.name, options.defaultWords, options.messages)
  const wordsFor = options.words ?? (() => ({ subject: options.subject }))
  const words = wordsFor(snapshot.request, view?.data)
  const error = (snapshot.refusal ?? view?.error) as ErrorOf<A> | undefined
  const hasMutation = view !== undefined || snapshot.refusal !== undefined
  // Done is done, also by someone else's click or one of another day.
  const isDone = options.isDone === true
  const seen = isAlreadySo(snapshot.shown, error) || (isDone && !hasMutation) ? 'success' : snapshot.shown
  const showsDone = isDone || seen === 'success'
  const isSending = isSendingPhase(snapshot.phase)
  const isOnItsWay = request === undefined ? isSending : controller.isLocked(request)
  const why = notReady === undefined || preset.disabled || isDone ? undefined : messages.identity[notReady]
  return {
    shown: {
      phase: isDone && snapshot.phase === 'idle' ? 'success' : snapshot.phase,
      // Once it is not on its way any more, a label says what the next click would do.
      label: showsDone ? say.done(words) : (options.label ?? say.label(isSending ? words : wordsFor(undefined, undefined))),
      showsDone,
      icon: PHASE_LOOKS[seen]?.[0],
      isLocked: preset.disabled || isDone || notReady !== undefined || isOnItsWay,
      attempt: view?.attempt ?? 0,
      error,
    },
    say,
    words,
    why,
    isDescribed: hasMutation || (why !== undefined && (notReady !== 'loading' || snapshot.inVain)),
    isAlreadyDone: (options.isAlreadyDone ?? isDone) && options.onAlreadyDone !== undefined && !controller.isDoneTold,
  }
}
