'use client'
import type { AnyAction, ResponseOf } from '@org/contracts/client'
import type { MutationView } from '@org/sync-core'
import { useId, useState } from 'react'
import { useController } from '../hooks/useController.js'
import { useClientOf } from '../hooks/useSyncClient.js'
import { lagAsShown } from '../mutation-controller/ShownPhase.js'
import { useEnvironment } from '../provider/environment.js'
import { anyActionWords } from './anyActionWords.js'
import type { ButtonMoment, SpokenOptions, Surroundings } from './ButtonMoment.js'
import { buttonPreset } from './buttonProps.js'
import type { CriticalButtonOptions } from './CriticalButtonOptions.js'
import type { ButtonParts, CriticalButtonState } from './CriticalButtonState.js'
import { faceOf } from './faceOf.js'
import { modelOf } from './modelOf.js'
import { Parts } from './Parts.js'
import { Trigger } from './Trigger.js'
import { type Send, senderOf, triggerProps } from './triggerProps.js'
import { messagesOf } from './useMessages.js'

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

function stateOf<A extends AnyAction>(moment: ButtonMoment<A>): { state: CriticalButtonState<A>; send: Send } {
  const { trigger, controller } = moment
  const face = faceOf(moment)
  const { shown, isDescribed, isAlreadyDone } = face
  // At rest there is nothing to share: a page of rows pays for none of it.
  const parts = isDescribed || shown.phase === 'confirming' || isAlreadyDone ? modelOf(moment, face) : null
  const send = senderOf(moment, shown.isLocked)
  const { mutate, mutateAsync, confirm, dismiss, retryNow, cancel, goOnWith } = controller
  const state: CriticalButtonState<A> = {
    ...shown,
    getButtonProps: (host = {}) => triggerProps(moment, face, host, send),
    parts: parts as ButtonParts | null,
    Parts,
    triggerRef: trigger,
    mutate,
    mutateAsync,
    confirm,
    dismiss,
    retryNow,
    cancel,
    goOnWith,
  }
  return { state, send }
}
