'use client'
import { type ButtonHTMLAttributes, forwardRef, type MouseEvent, type ReactNode, type Ref, type RefObject, useId, useRef } from 'react'
import { type ButtonPhase, isActivePhase } from '../mutation-controller/phase.js'
import { ButtonIcon } from './ButtonIcon.js'
import type { ButtonModel } from './ButtonModel.js'
import type { ButtonClassNames, ButtonVariant } from './buttonProps.js'
import { joinClassNames } from './classNames.js'
import { PhaseContent } from './PhaseContent.js'
import { ProgressBar } from './ProgressBar.js'
import { StatusLine } from './StatusLine.js'
import type { StatusTone } from './statusLineOf.js'
import { useMergedRef } from './useMergedRef.js'

type Attributes = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> & { [data: `data-${string}`]: string | undefined }

export interface ButtonFrameProps {
  /** Exact component name, for `data-component`. */
  component: string
  model: ButtonModel
  variant: ButtonVariant
  disabled: boolean
  /** Nothing left to do: shows `done` and takes no clicks. */
  isDone?: boolean
  /** A click with the present request would do nothing. */
  isLocked: boolean
  label: ReactNode
  done: ReactNode
  onPress: (trigger: HTMLButtonElement) => void
  /** Attributes the host gave, and the component's own. */
  attributes: Attributes
  classNames?: ButtonClassNames | undefined
  /** `chip` looks like a status, `solid` like a main action. */
  look: 'solid' | 'chip'
  triggerRef: RefObject<HTMLButtonElement | null>
  /** Dialog, menu and whatever else belongs inside. */
  children?: ReactNode
}

/** What all critical buttons look like: the button, its progress and its status line. */
export const ButtonFrame = forwardRef(function ButtonFrame(props: ButtonFrameProps, ref: Ref<HTMLButtonElement>) {
  const { component, model, variant, attributes, classNames, triggerRef } = props
  const { snapshot } = model
  const { className, onClick, ...rest } = attributes
  const statusId = useId()
  const phase = shownState(props)
  const blocked = props.disabled || props.isDone || props.isLocked || !snapshot.ready
  const hasMutation = snapshot.view !== undefined || snapshot.refusal !== undefined

  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (blocked) {
      // aria-disabled stops no click: without this, a host form would be sent and a host link followed.
      event.preventDefault()
      return
    }
    onClick?.(event)
    // A submit button's click becomes the form's submission, which checks the fields first (see useFormSubmit).
    if (!event.defaultPrevented && rest.type !== 'submit') props.onPress(event.currentTarget)
  }

  return (
    <span className={joinClassNames('cb-root', classNames?.root)} data-part="root">
      <button
        type="button"
        {...rest}
        ref={useMergedRef(triggerRef, ref)}
        className={joinClassNames('cb-button', classNames?.button, className)}
        data-tone={rest['data-tone'] ?? toneOf(phase, props.disabled)}
        data-component={component}
        data-part="button"
        data-look={props.look}
        data-state={phase}
        data-variant={variant}
        data-attempt={snapshot.view === undefined ? undefined : String(snapshot.view.attempt)}
        data-code={model.error?.code}
        data-disabled={props.disabled ? '' : undefined}
        aria-disabled={blocked || undefined}
        aria-describedby={joinClassNames(rest['aria-describedby'], hasMutation && statusId) || undefined}
        onClick={press}
      >
        {hasMutation ? (
          <PhaseContent model={model} done={props.done} classNames={classNames} keepSuccess={props.isDone && !isActivePhase(phase)}>
            {props.label}
          </PhaseContent>
        ) : (
          <>
            {props.isDone && <ButtonIcon phase="success" className={classNames?.icon} />}
            <span className={joinClassNames('cb-label', classNames?.label)} data-part="label">
              {props.isDone ? props.done : props.label}
            </span>
          </>
        )}
      </button>
      {hasMutation && model.progress && <ProgressBar model={model} className={classNames?.progress} />}
      {hasMutation && <StatusLine id={statusId} model={model} className={classNames?.status} triggerRef={triggerRef} />}
      {props.children}
    </span>
  )
})

/** A main action's own colour gives way where something is not as it should be. */
const TONES: Partial<Record<ButtonPhase, StatusTone>> = {
  queued: 'info',
  unknown: 'info',
  'circuit-open': 'warning',
  partial: 'warning',
  conflict: 'error',
  error: 'error',
}

function toneOf(phase: ButtonPhase, disabled: boolean): StatusTone | undefined {
  return disabled && phase === 'idle' ? 'info' : TONES[phase]
}

// Done is done, also for someone else's click or one from another day.
function shownState({ model, isDone }: ButtonFrameProps): ButtonPhase {
  const { phase } = model.snapshot
  return isDone && phase === 'idle' ? 'success' : phase
}

/** The button's own handle for focus, beside the host's. */
export function useTriggerRef(): RefObject<HTMLButtonElement | null> {
  return useRef<HTMLButtonElement>(null)
}
