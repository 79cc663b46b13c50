'use client'
import type { AnyAction, RequestOf, ResponseOf } from '@org/contracts/client'
import type { ErrorOf, MutationView, SyncClient } from '@org/sync-core'
import { type MouseEvent, useId, useState } from 'react'
import { announceInDocument } from '../announcer/announce.js'
import { useController } from '../hooks/useController.js'
import { useClientOf } from '../hooks/useSyncClient.js'
import type { ActionMessages, CatalogueInUse } from '../messages/Messages.js'
import type { ControllerSnapshot } from '../mutation-controller/ControllerSnapshot.js'
import type { MutationController } from '../mutation-controller/MutationController.js'
import { isSendingPhase } from '../mutation-controller/phase.js'
import { lagAsShown } from '../mutation-controller/ShownPhase.js'
import { type Environment, useEnvironment } from '../provider/environment.js'
import { actionMessages } from './actionMessages.js'
import { anyActionWords } from './anyActionWords.js'
import type { ButtonModel } from './ButtonModel.js'
import { buttonPreset } from './buttonProps.js'
import type { CriticalButtonOptions } from './CriticalButtonOptions.js'
import type { ButtonParts, CriticalButtonState, HostButtonProps, TriggerProps } from './CriticalButtonState.js'
import { joinClassNames } from './classNames.js'
import { keepFromHost, triggerHandlers } from './keptFromHost.js'
import { Parts } from './Parts.js'
import { isAlreadySo } from './phaseLine.js'
import { PHASE_LOOKS } from './phaseLooks.js'
import { Trigger } from './Trigger.js'
import { messagesOf } from './useMessages.js'

/** What a button reads from around it. */
export interface Surroundings {
  client: SyncClient
  environment: Environment
  messages: CatalogueInUse
  /** Of its own in the document. */
  id: string
}

/** Read once a component, which may need some of it before it knows what its button does. */
export function useSurroundings(): Surroundings {
  const environment = useEnvironment()
  return { client: useClientOf(environment), environment, messages: messagesOf(environment), id: useId() }
}

/**
 * A critical button for markup of your own: locks at once, asks, sends once, announces and keeps the focus. Put what
 * `getButtonProps` returns on your button, `label` into it, and `<Parts of={parts} />` beside it.
 */
export function useCriticalButton<A extends AnyAction>(action: A, options: CriticalButtonOptions<A>): CriticalButtonState<A> {
  const { defaultWords = anyActionWords } = options
  return useButtonIn(useSurroundings(), action, { ...options, defaultWords })
}

/** The options of a button that brings its own words: no page with such buttons alone holds those for any action. */
type SpokenOptions<A extends AnyAction> = CriticalButtonOptions<A> & { defaultWords: ActionMessages }

/** The same, for who has read the surroundings already. */
export function useButtonIn<A extends AnyAction>(surroundings: Surroundings, action: A, options: SpokenOptions<A>): CriticalButtonState<A> {
  const { request, lane } = options
  const known = typeof request === 'function' ? undefined : request
  const looksAt = lane === undefined ? known && action.lanes(known)[0] : (lane ?? undefined)
  const preset = buttonPreset(options)
  const [trigger] = useState(newTrigger)
  const optionsOf = () => ({
    ...options,
    confirm: preset.confirm,
    onSuccess: (data: ResponseOf<A>, view: MutationView<ResponseOf<A>>) => {
      controller.isDoneTold = true
      options.onSuccess?.(data, view)
    },
  })
  const onShown = () => {
    trigger.onSubmit = send
    if (state.phase === 'idle') trigger.releaseWidth()
  }
  const [controller, snapshot] = useController(surroundings.client, action, looksAt, optionsOf, { lag: lagAsShown, onShown })
  const { state, send } = stateOf({ surroundings, action, options, preset, request: known, trigger, controller, snapshot })
  return state
}

function newTrigger(): Trigger {
  return new Trigger()
}

/** All that one rendering of one button is made from. */
interface ButtonMoment<A extends AnyAction> {
  surroundings: Surroundings
  action: A
  options: SpokenOptions<A>
  preset: ReturnType<typeof buttonPreset>
  /** Undefined where it is made at the click. */
  request: RequestOf<A> | undefined
  trigger: Trigger
  controller: MutationController<A>
  snapshot: ControllerSnapshot<A>
}

function stateOf<A extends AnyAction>(
  moment: ButtonMoment<A>,
): { state: CriticalButtonState<A>; send: (form: HTMLFormElement | null) => void } {
  const { surroundings, action, options, preset, request, trigger, controller, snapshot } = moment
  const { messages, id } = surroundings
  const { view, notReady } = snapshot
  const say = actionMessages(messages, action.name, options.defaultWords, options.messages)
  const wordsFor = options.words ?? (() => ({ subject: options.subject }))
  const words = wordsFor(snapshot.request, view?.data)
  const error = (snapshot.refusal ?? view?.error) as ErrorOf<A> | undefined
  // Done is done, also by someone else's click or one of another day.
  const isDone = options.isDone === true
  const phase = isDone && snapshot.phase === 'idle' ? 'success' : snapshot.phase
  const isSending = isSendingPhase(snapshot.phase)
  const isOnItsWay = request === undefined ? isSending : controller.isLocked(request)
  const isLocked = preset.disabled || isDone || notReady !== undefined || isOnItsWay
  const hasMutation = view !== undefined || snapshot.refusal !== undefined
  const seen = isAlreadySo(snapshot.shown, error) || (isDone && !hasMutation) ? 'success' : snapshot.shown
  const showsDone = isDone || seen === 'success'
  // Once it is not on its way any more, a label says what the next click would do.
  const label = showsDone ? say.done(words) : (options.label ?? say.label(isSending ? words : wordsFor(undefined, undefined)))
  const why = notReady === undefined || preset.disabled || isDone ? undefined : messages.identity[notReady]
  // At rest there is nothing to share: a page of rows pays for none of it.
  const isDescribed = hasMutation || (why !== undefined && (notReady !== 'loading' || snapshot.inVain))
  const isAlreadyDone = (options.isAlreadyDone ?? isDone) && options.onAlreadyDone !== undefined && !controller.isDoneTold
  const parts =
    isDescribed || phase === 'confirming' || isAlreadyDone
      ? modelOf(moment, { say, words, error, why: isDescribed ? why : undefined })
      : null

  const send = (form: HTMLFormElement | null) => {
    if (isLocked) return
    const { request: wanted, seenVersion } = options
    const clicked = typeof wanted === 'function' ? (wanted as (form: FormData) => RequestOf<A>)(new FormData(form ?? undefined)) : wanted
    if (clicked !== undefined) controller.mutate(clicked as RequestOf<A>, { seenVersion })
  }

  const getButtonProps = (host: HostButtonProps = {}): TriggerProps => {
    const { type = 'button', onClick } = host
    const press = (event: MouseEvent<HTMLButtonElement>) => {
      // aria-disabled stops no click: without this, a host form would be sent and a host link followed.
      if (isLocked) {
        event.preventDefault()
        if (why !== undefined) controller.triedInVain()
      } else {
        trigger.holdWidth()
        onClick?.(event)
      }
      keepFromHost(event)
      // A submit button's click becomes the form's submission, which checks the fields first.
      if (event.defaultPrevented || type === 'submit') return
      event.preventDefault()
      send(event.currentTarget.form)
    }
    return {
      'aria-label': options.iconOnly ? label : undefined,
      'data-tone': isAlreadySo(phase, error) ? 'green' : isLocked && phase === 'idle' ? 'info' : PHASE_LOOKS[phase]?.[1],
      ...host,
      ...triggerHandlers(host),
      title: (notReady === 'loading' ? undefined : why) ?? host.title ?? (options.iconOnly ? label : undefined),
      type,
      ref: trigger.refFor(host.ref),
      'data-part': 'button',
      'data-state': phase,
      'data-variant': preset.variant,
      'data-attempt': view?.attempt,
      'data-code': error?.code,
      'aria-disabled': isLocked || undefined,
      'aria-describedby': joinClassNames(host['aria-describedby'], isDescribed && id) || undefined,
      onClick: press,
    }
  }

  const { mutate, mutateAsync, confirm, dismiss, retryNow, cancel } = controller
  const state: CriticalButtonState<A> = {
    phase,
    label,
    showsDone,
    icon: PHASE_LOOKS[seen]?.[0],
    isLocked,
    attempt: view?.attempt ?? 0,
    error,
    getButtonProps,
    parts: parts as ButtonParts | null,
    Parts,
    triggerRef: trigger,
    mutate,
    mutateAsync,
    confirm,
    dismiss,
    retryNow,
    cancel,
    goOnWith: controller.goOnWith,
  }
  return { state, send }
}

type Said<A extends AnyAction> = Pick<ButtonModel<A>, 'say' | 'words' | 'error' | 'why'>

function modelOf<A extends AnyAction>(moment: ButtonMoment<A>, said: Said<A>): unknown {
  const { surroundings, options, preset, request, trigger, controller, snapshot } = moment
  const { environment } = surroundings
  const { announce, confirmMessage, currentValue, details, retryFailed, sendAgain, onAlreadyDone } = options
  const { say, words, error } = said
  const sent = (snapshot.request ?? request) as RequestOf<A>
  const asked = typeof confirmMessage === 'function' ? confirmMessage(snapshot.request) : confirmMessage
  const model: ButtonModel<A> = {
    ...surroundings,
    ...said,
    options,
    trigger,
    controller,
    snapshot,
    announce: announce === false ? ignore : (announce ?? environment.announce ?? announceInDocument),
    nameOf: (userId) => environment.resolveUser?.(userId) ?? userId,
    progress: preset.progress,
    question: asked ?? say.confirmMessage(words),
    currentValue: error?.row && currentValue?.(error.row),
    details: snapshot.phase === 'partial' && error && details?.(error),
    retryFailed: retryFailed && (() => error && controller.mutate(retryFailed(sent, error), { confirm: false })),
    sendAgain: sendAgain && (() => controller.mutate(sendAgain(sent), { again: true, confirm: false })),
    onAlreadyDone: (options.isAlreadyDone ?? options.isDone) ? onAlreadyDone : undefined,
  }
  return model
}

function ignore(): void {}
