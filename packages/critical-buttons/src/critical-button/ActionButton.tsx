'use client'
import type { AnyAction } from '@org/contracts/client'
import { type MouseEvent, type ReactElement, type Ref, useId, useRef } from 'react'
import { useController } from '../hooks/useController.js'
import { useClientOf } from '../hooks/useSyncClient.js'
import { actionMessages } from '../messages/actionMessages.js'
import { messagesOf } from '../messages/useMessages.js'
import { type ControllerSnapshot, IDLE_SNAPSHOT } from '../mutation-controller/ControllerSnapshot.js'
import { isSendingPhase } from '../mutation-controller/phase.js'
import { useEnvironment } from '../provider/environment.js'
import type { ButtonData, ButtonKind, Listening } from './ButtonKind.js'
import { type ButtonModel, createButtonModel } from './ButtonModel.js'
import { buttonPreset } from './buttonProps.js'
import { ConfirmStep } from './ConfirmStep.js'
import { joinClassNames } from './classNames.js'
import { Icon } from './Icon.js'
import { notReadyText } from './notReadyText.js'
import { PhaseContent } from './PhaseContent.js'
import { ProgressBar } from './ProgressBar.js'
import { part } from './part.js'
import { isAlreadySo } from './phaseLine.js'
import { PHASE_LOOKS } from './phaseLooks.js'
import { StatusLine } from './StatusLine.js'
import { useMergedRef } from './useMergedRef.js'

export interface ActionButtonProps<Props extends Listening, A extends AnyAction, Data extends ButtonData<A>> {
  /** The same one for as long as it is mounted. */
  kind: ButtonKind<Props, A, Data>
  props: Props
  hostRef: Ref<HTMLButtonElement>
}

/**
 * What all critical buttons are made of: the button, its progress, its status line and its dialog. All
 * hooks are in here and none in the component around it, because React looks at every row's outermost
 * component when one row changes, and passes quickly over one that reads nothing.
 */
export function ActionButton<Props extends Listening, A extends AnyAction, Data extends ButtonData<A>>(
  button: ActionButtonProps<Props, A, Data>,
): ReactElement {
  const { kind, props, hostRef } = button
  const environment = useEnvironment()
  const client = useClientOf(environment)
  const messages = messagesOf(environment)
  const id = useId()
  const data = kind.useData(props, { client, environment, messages, id })
  const { host, action, attributes, request, seenVersion } = data
  const { onSettled, onProgress, maxAttempts, expiresAfterMs, announce, messages: ownWords, classNames, slots, children, ...rest } = host
  const { onSuccess, onError, subject, confirmMessage, variant, confirm, progress, disabled, className, onClick, ...native } = rest
  const preset = buttonPreset(host)
  const [controller, snapshot] = useController(client, action, data.lane, () => ({
    confirm: preset.confirm,
    maxAttempts,
    expiresAfterMs,
    onSettled,
    onProgress,
    // The kind knows what its host is told; here it is anybody's.
    onSuccess: (response, view) => host.onSuccess?.(kind.resultOf(data, response, view) as never),
    onError: (error, view) => host.onError?.((kind.errorOf?.(data, error, view) ?? error) as never),
  }))
  kind.useController?.(data, controller)
  const triggerRef = useRef<HTMLButtonElement>(null)
  const ref = useMergedRef(triggerRef, hostRef)

  const say = actionMessages(messages, action.name, kind.english, ownWords)
  const wordsAt = (moment: ControllerSnapshot<A>) => kind.wordsOf?.(data, moment) ?? { subject: data.subject }
  const words = wordsAt(snapshot)
  // Done is done, also by someone else's click or one of another day.
  const isDone = data.isDone === true
  const phase = isDone && snapshot.phase === 'idle' ? 'success' : snapshot.phase
  const isDisabled = preset.disabled || data.isDisabled === true
  const isSending = isSendingPhase(snapshot.phase)
  const isLocked = request === undefined ? isSending : controller.isLocked(request)
  const isBlocked = isDisabled || isDone || snapshot.notReady !== undefined || isLocked
  const hasMutation = snapshot.view !== undefined || snapshot.refusal !== undefined
  // Once it is not on its way any more, a label says what the next click would do.
  const label = children ?? data.label ?? say.label(isSending ? words : wordsAt(IDLE_SNAPSHOT as ControllerSnapshot<A>))
  const done = data.label ?? say.done(words)
  // At rest there is nothing to share: a page of rows pays for none of it.
  const model: ButtonModel<A> | undefined =
    hasMutation || preset.confirm || data.isOpen
      ? createButtonModel({
          client,
          controller,
          snapshot,
          messages,
          environment,
          say,
          words,
          announce,
          progress: preset.progress,
          triggerRef,
        })
      : undefined
  if (model !== undefined && kind.extend !== undefined) Object.assign(model, kind.extend(data, model))

  const send = (form: HTMLFormElement | null) => {
    if (isBlocked) return
    const clicked = request ?? data.requestFrom?.(new FormData(form ?? undefined))
    if (clicked !== undefined) controller.mutate(clicked, { seenVersion })
  }
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    // aria-disabled stops no click: without this, a host form would be sent and a host link followed.
    if (isBlocked) event.preventDefault()
    else {
      // What stands beside it stays where it is, whatever label and sign come.
      const { style, offsetWidth } = event.currentTarget
      style.minInlineSize = `${offsetWidth}px`
      onClick?.(event)
    }
    // A submit button's click becomes the form's submission, which checks the fields first.
    if (event.defaultPrevented || native.type === 'submit') return
    if (kind.onPress) kind.onPress(data)
    else send(event.currentTarget.form)
  }

  return (
    <span {...part('root', classNames?.root)}>
      <button
        type="button"
        title={notReadyText(snapshot.notReady, messages)}
        {...native}
        data-tone={isAlreadySo(phase, model?.error) ? 'green' : isBlocked && phase === 'idle' ? 'info' : PHASE_LOOKS[phase]?.[1]}
        {...attributes}
        ref={ref}
        className={joinClassNames('cb-button', joinClassNames(attributes?.className, classNames?.button), className)}
        data-component={kind.component}
        data-part="button"
        data-look={kind.look ?? 'solid'}
        data-state={phase}
        data-variant={preset.variant}
        data-attempt={snapshot.view?.attempt}
        data-code={model?.error?.code}
        aria-disabled={isBlocked || undefined}
        aria-describedby={joinClassNames(native['aria-describedby'], hasMutation && id) || undefined}
        onClick={press}
      >
        {model && hasMutation ? (
          <PhaseContent model={model} done={done} classNames={classNames} isDone={isDone}>
            {label}
          </PhaseContent>
        ) : (
          <>
            {isDone && <Icon name="check" className={classNames?.icon} />}
            <span {...part('label', classNames?.label)}>{isDone ? done : label}</span>
          </>
        )}
      </button>
      {model && hasMutation && preset.progress && <ProgressBar model={model} className={classNames?.progress} />}
      {model && hasMutation && <StatusLine id={id} model={model} className={classNames?.status} />}
      {model && kind.children?.(data, model, send)}
      {model && preset.confirm && (
        <ConfirmStep
          model={model}
          message={(kind.question ? kind.question(data, snapshot) : confirmMessage) ?? say.confirmMessage(words)}
          version={seenVersion}
          slots={slots}
          className={classNames?.dialog}
        />
      )}
    </span>
  )
}
