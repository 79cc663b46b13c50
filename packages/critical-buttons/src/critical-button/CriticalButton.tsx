'use client'
import type { AnyAction, RequestOf, ResponseOf } from '@org/contracts'
import type { MutationError } from '@org/sync-core'
import { forwardRef, type ReactElement, type Ref, type RefAttributes } from 'react'
import { useSyncClient } from '../hooks/useSyncClient.js'
import { isActivePhase } from '../mutation-controller/phase.js'
import { useEnvironment } from '../provider/environment.js'
import { ButtonFrame, useTriggerRef } from './ButtonFrame.js'
import { buttonPreset, type CommonButtonProps } from './buttonProps.js'
import { ConfirmStep } from './ConfirmStep.js'
import { useButtonModel } from './useButtonModel.js'
import { useFormSubmit } from './useFormSubmit.js'

export interface CriticalButtonProps<A extends AnyAction> extends CommonButtonProps<ResponseOf<A>, MutationError> {
  /** Made with `defineAction`. */
  action: A
  /** What is sent; a function is asked at the click, with the fields of the form the button is in. */
  request: RequestOf<A> | ((form: FormData) => RequestOf<A>)
  /**
   * The lane whose newest mutation is shown. @default the request's first; with a request made at
   * the click, what this button submitted itself
   */
  scope?: { id: string }
  /** `submit`: sends with the form it is in, once its fields are valid. @default 'button' */
  type?: 'button' | 'submit'
  /** What the dialog of `with-confirm` asks. */
  confirmMessage?: string
  /** The version of the row the person sees, for actions with `expectedVersion`. */
  seenVersion?: number
  /** Nothing left to do: shows the done label and takes no clicks. @default false */
  isDone?: boolean
}

/** A button for a team's own action. */
export const CriticalButton = forwardRef(CriticalButtonBase) as <A extends AnyAction>(
  props: CriticalButtonProps<A> & RefAttributes<HTMLButtonElement>,
) => ReactElement

function CriticalButtonBase<A extends AnyAction>(props: CriticalButtonProps<A>, ref: Ref<HTMLButtonElement>): ReactElement {
  const {
    action,
    request,
    scope,
    type = 'button',
    confirmMessage,
    seenVersion,
    isDone = false,
    subject,
    children,
    classNames,
    slots,
    announce,
    messages,
    ...rest
  } = props
  const { onSuccess, onError, onSettled, onProgress, maxAttempts, expiresAfterMs, ...rest2 } = rest
  const { variant: _variant, confirm: _confirm, progress: _progress, disabled: _disabled, ...attributes } = rest2
  const preset = buttonPreset(props)
  const client = useSyncClient()
  const environment = useEnvironment()
  const triggerRef = useTriggerRef()
  const words = { subject }
  const isMadeAtClick = typeof request === 'function'
  const known = isMadeAtClick ? undefined : request
  const requestAt = (form: HTMLFormElement | null): RequestOf<A> =>
    isMadeAtClick ? (request as (form: FormData) => RequestOf<A>)(new FormData(form ?? undefined)) : request

  const model = useButtonModel({
    client,
    environment,
    action,
    lane: scope?.id ?? (known === undefined ? undefined : action.lanes(known)[0]),
    options: { confirm: preset.confirm, maxAttempts, expiresAfterMs, onSuccess, onError, onSettled, onProgress },
    progress: preset.progress,
    announce,
    messages,
    words,
  })
  const { controller, snapshot, actionMessages } = model
  const isLocked = known === undefined ? isActivePhase(snapshot.phase) : controller.isLocked(known)
  const isBlocked = preset.disabled || isDone || isLocked || !snapshot.ready
  useFormSubmit(triggerRef, {
    enabled: type === 'submit',
    isBlocked,
    onSubmit: (form) => controller.mutate(requestAt(form), { seenVersion }),
  })

  return (
    <ButtonFrame
      ref={ref}
      component="CriticalButton"
      look="solid"
      model={model}
      variant={preset.variant}
      disabled={preset.disabled}
      isDone={isDone}
      isLocked={isLocked}
      label={children ?? actionMessages.label(words)}
      done={actionMessages.done(words)}
      onPress={({ form }) => controller.mutate(requestAt(form), { seenVersion })}
      attributes={{ ...attributes, type }}
      classNames={classNames}
      triggerRef={triggerRef}
    >
      {preset.confirm && (
        <ConfirmStep
          model={model}
          message={confirmMessage ?? actionMessages.confirmMessage(words)}
          version={seenVersion}
          triggerRef={triggerRef}
          slots={slots}
          className={classNames?.dialog}
        />
      )}
    </ButtonFrame>
  )
}
