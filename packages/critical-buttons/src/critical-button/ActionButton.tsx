'use client'
import type { AnyAction, RequestOf } from '@org/contracts'
import type { SyncClient } from '@org/sync-core'
import { type MouseEvent, type ReactElement, type ReactNode, type Ref, useId, useRef } from 'react'
import { announceInDocument } from '../announcer/announce.js'
import { useController } from '../hooks/useController.js'
import { useClientOf } from '../hooks/useSyncClient.js'
import { actionMessages } from '../messages/actionMessages.js'
import type { ActionMessages, CommonMessages, Words } from '../messages/Messages.js'
import { messagesOf } from '../messages/useMessages.js'
import type { ControllerSnapshot } from '../mutation-controller/ControllerSnapshot.js'
import type { MutationHandlers } from '../mutation-controller/MutationHandlers.js'
import { type Environment, useEnvironment } from '../provider/environment.js'
import type { ButtonModel } from './ButtonModel.js'
import { type AnyButtonProps, buttonPreset } from './buttonProps.js'
import { ConfirmStep } from './ConfirmStep.js'
import { joinClassNames } from './classNames.js'
import { Icon } from './Icon.js'
import { PhaseContent } from './PhaseContent.js'
import { ProgressBar } from './ProgressBar.js'
import { part } from './part.js'
import { PHASE_LOOKS } from './phaseLooks.js'
import { StatusLine } from './StatusLine.js'
import { useMergedRef } from './useMergedRef.js'

/** What all buttons read from their surroundings, once. */
export interface Surroundings {
  client: SyncClient
  environment: Environment
  messages: CommonMessages
}

/** What one component makes of the props its host gave it. */
export interface ActionButtonSetup<A extends AnyAction> {
  /** Exact component name, for `data-component`. */
  component: string
  /** The props that all buttons take; what is not ours goes to the `<button>`. */
  host: AnyButtonProps
  action: A
  /** See `useController`. */
  lane: string | undefined
  english: ActionMessages
  /** `chip` looks like a status, `solid` like a main action. */
  look?: 'chip' | undefined
  /** What a click sends. */
  requestOf: (form: HTMLFormElement | null) => RequestOf<A>
  /** A click would do nothing now. */
  isLocked: (model: ButtonModel<A>) => boolean
  /** Nothing left to do: shows the done label and takes no clicks. */
  isDone?: boolean | undefined
  isDisabled?: boolean
  wordsOf: (snapshot: ControllerSnapshot<A>) => Words
  onSuccess: NonNullable<MutationHandlers<A>['onSuccess']>
  onError: NonNullable<MutationHandlers<A>['onError']>
  /** The version of the row the person sees. */
  seenVersion?: number | undefined
  /** What the dialog asks. @default the catalogue's text */
  question?: (snapshot: ControllerSnapshot<A>) => string | undefined
  /** Fills in what only this component knows. */
  extend?: (model: ButtonModel<A>) => Partial<ButtonModel<A>>
  label?: ReactNode
  done?: ReactNode
  attributes?: { [attribute: string]: unknown }
  /** Instead of sending. */
  onPress?: (() => void) | undefined
  /** A menu, for example. */
  children?: (model: ButtonModel<A>, send: (form: HTMLFormElement | null) => void) => ReactNode
}

export interface ActionButtonProps<Props, A extends AnyAction> {
  props: Props
  hostRef: Ref<HTMLButtonElement>
  /** The component's own hook; the same one for as long as it is mounted. */
  useSetup: (props: Props, surroundings: Surroundings) => ActionButtonSetup<A>
}

/**
 * What all critical buttons are made of: the button, its progress, its status line and its dialog. All
 * hooks are in here and none in the component around it, because React looks at every row's outermost
 * component when one row changes, and passes quickly over one that reads nothing.
 */
export function ActionButton<Props, A extends AnyAction>({ props, hostRef, useSetup }: ActionButtonProps<Props, A>): ReactElement {
  const environment = useEnvironment()
  const client = useClientOf(environment)
  const messages = messagesOf(environment)
  const setup = useSetup(props, { client, environment, messages })
  const { host, action, seenVersion } = setup
  const { onSettled, onProgress, maxAttempts, expiresAfterMs, announce, messages: ownWords, classNames, slots, children, ...rest } = host
  const { onSuccess, onError, subject, confirmMessage, variant, confirm, progress, disabled, className, onClick, ...native } = rest
  const preset = buttonPreset(host)
  const [controller, snapshot] = useController(client, action, setup.lane, {
    confirm: preset.confirm,
    maxAttempts,
    expiresAfterMs,
    onSettled,
    onProgress,
    onSuccess: setup.onSuccess,
    onError: setup.onError,
  })
  const triggerRef = useRef<HTMLButtonElement>(null)
  const ref = useMergedRef(triggerRef, hostRef)
  const statusId = useId()

  const base: ButtonModel<A> = {
    client,
    controller,
    snapshot,
    error: snapshot.refusal ?? snapshot.view?.error,
    messages,
    say: actionMessages(messages, action.name, setup.english, ownWords),
    words: setup.wordsOf(snapshot),
    announce: announce === false ? ignore : (announce ?? environment.announce ?? announceInDocument),
    nameOf: (userId) => environment.resolveUser?.(userId) ?? userId,
    progress: preset.progress,
    currentValue: undefined,
    change: undefined,
    details: undefined,
    retryFailed: undefined,
    sendAgain: undefined,
    triggerRef,
  }
  const model = { ...base, ...setup.extend?.(base) }
  const { say, words } = model
  // Done is done, also by someone else's click or one of another day.
  const isDone = setup.isDone === true
  const phase = isDone && snapshot.phase === 'idle' ? 'success' : snapshot.phase
  const isDisabled = preset.disabled || setup.isDisabled === true
  const isBlocked = isDisabled || isDone || !snapshot.ready || setup.isLocked(model)
  const hasMutation = snapshot.view !== undefined || snapshot.refusal !== undefined
  const label = children ?? setup.label ?? say.label(words)
  const done = setup.done ?? say.done(words)

  const send = (form: HTMLFormElement | null) => isBlocked || controller.mutate(setup.requestOf(form), { seenVersion })

  const press = (event: MouseEvent<HTMLButtonElement>) => {
    // aria-disabled stops no click: without this, a host form would be sent and a host link followed.
    if (isBlocked) event.preventDefault()
    else onClick?.(event)
    // A submit button's click becomes the form's submission, which checks the fields first.
    if (event.defaultPrevented || native.type === 'submit') return
    if (setup.onPress) setup.onPress()
    else send(event.currentTarget.form)
  }

  return (
    <span {...part('root', classNames?.root)}>
      <button
        type="button"
        {...native}
        data-tone={isDisabled && phase === 'idle' ? 'info' : PHASE_LOOKS[phase]?.[1]}
        {...setup.attributes}
        ref={ref}
        className={joinClassNames('cb-button', setup.attributes?.className as string | undefined, classNames?.button, className)}
        data-component={setup.component}
        data-part="button"
        data-look={setup.look ?? 'solid'}
        data-state={phase}
        data-variant={preset.variant}
        data-attempt={snapshot.view?.attempt}
        data-code={model.error?.code}
        aria-disabled={isBlocked || undefined}
        aria-describedby={joinClassNames(native['aria-describedby'], hasMutation && statusId) || undefined}
        onClick={press}
      >
        {hasMutation ? (
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
      {hasMutation && preset.progress && <ProgressBar model={model} className={classNames?.progress} />}
      {hasMutation && <StatusLine id={statusId} model={model} className={classNames?.status} />}
      {setup.children?.(model, send)}
      {preset.confirm && (
        <ConfirmStep
          model={model}
          message={setup.question?.(snapshot) ?? say.confirmMessage(words)}
          version={seenVersion}
          slots={slots}
          className={classNames?.dialog}
        />
      )}
    </span>
  )
}

function ignore(): void {}
