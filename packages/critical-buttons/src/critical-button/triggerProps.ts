import type { AnyAction, RequestOf } from '@org/contracts/client'
import type { MouseEvent } from 'react'
import type { ButtonMoment } from './ButtonMoment.js'
import type { HostButtonProps, TriggerProps } from './CriticalButtonState.js'
import { joinClassNames } from './classNames.js'
import type { Face } from './faceOf.js'
import { keepFromHost, triggerHandlers } from './keptFromHost.js'
import { isAlreadySo } from './phaseLine.js'
import { PHASE_LOOKS } from './phaseLooks.js'

/** Sends what the click means, with the fields of the form it is in. */
export type Send = (form: HTMLFormElement | null) => void

export function senderOf<A extends AnyAction>({ options, controller }: ButtonMoment<A>, isLocked: boolean): Send {
  return (form) => {
    if (isLocked) return
    const { request: wanted, seenVersion } = options
    const clicked = typeof wanted === 'function' ? (wanted as (form: FormData) => RequestOf<A>)(new FormData(form ?? undefined)) : wanted
    if (clicked !== undefined) controller.mutate(clicked as RequestOf<A>, { seenVersion })
  }
}

/** The props of the button itself, whoever renders it; the host's own among them. */
export function triggerProps<A extends AnyAction>(moment: ButtonMoment<A>, face: Face<A>, host: HostButtonProps, send: Send): TriggerProps {
  const { surroundings, options, preset, trigger, controller, snapshot } = moment
  const { shown, why, isDescribed } = face
  const { phase, label, isLocked, attempt, error } = shown
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
    title: (snapshot.notReady === 'loading' ? undefined : why) ?? host.title ?? (options.iconOnly ? label : undefined),
    type,
    ref: trigger.refFor(host.ref),
    'data-part': 'button',
    'data-state': phase,
    'data-variant': preset.variant,
    'data-attempt': snapshot.view && attempt,
    'data-code': error?.code,
    'aria-disabled': isLocked || undefined,
    'aria-describedby': joinClassNames(host['aria-describedby'], isDescribed && surroundings.id) || undefined,
    onClick: press,
  }
}
