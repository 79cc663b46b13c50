'use client'
import type { AnyAction } from '@org/contracts/client'
import type { ReactElement, ReactNode, Ref } from 'react'
import { type AnyButtonProps, nativePropsOf, textIn } from './buttonProps.js'
import type { CriticalButtonState } from './CriticalButtonState.js'
import { joinClassNames } from './classNames.js'
import { Icon, type IconName } from './Icon.js'
import { part } from './part.js'
import { renderTrigger } from './renderTrigger.js'

export interface ButtonLayout {
  /** Exact component name, for `data-component`. */
  component: string
  button: CriticalButtonState<AnyAction>
  /** The component's props, without its own. */
  host: AnyButtonProps
  hostRef: Ref<HTMLButtonElement>
  /** `chip` looks like a status. @default the host's, else like a main action */
  look?: 'chip'
  /** In place of the button's label. */
  label?: string
  /** The sign at rest. */
  sign?: IconName | undefined
  /** The drawing at rest where there is no label. */
  drawing?: IconName | undefined
  /** Laid over the host's. */
  attributes?: { className?: string | undefined; [attribute: string]: unknown }
  /** Beside the button. */
  children?: ReactNode
}

/**
 * What all our buttons render: the button itself, and its parts beside it. A function and no component: it has no state, and
 * one component less a row is felt where a page mounts thousands.
 */
export function renderButton(props: ButtonLayout): ReactElement {
  const { component, button, host, hostRef, look, attributes, children } = props
  const { classNames, render, size = 'md', fullWidth, iconOnly, status } = host
  const ours = render === undefined && 'cb-button'
  const native = {
    ...nativePropsOf(host),
    'data-look': look ?? host.look ?? 'solid',
    'data-size': size,
    'data-icon-only': iconOnly || undefined,
    'data-full-width': fullWidth || undefined,
    ...attributes,
    ref: hostRef,
    'data-component': component,
    className: joinClassNames(ours || undefined, joinClassNames(attributes?.className, classNames?.button), host.className) || undefined,
  }
  const { Parts } = button
  return (
    <span {...part('root', classNames?.root)} data-full-width={fullWidth || undefined} data-status-display={status}>
      {renderTrigger(render, button as CriticalButtonState<AnyAction>, native as never, contentOf(props))}
      {children}
      {button.parts && <Parts of={button.parts} />}
    </span>
  )
}

/**
 * Sign and label. What may change is one string in an element of its own, and what the host wrote goes with its element:
 * a page that is translated has other nodes in place of texts, which React could neither change nor remove.
 */
function contentOf({ button, host, drawing, label = button.label, sign: signAtRest }: ButtonLayout) {
  const { icon = signAtRest, showsDone } = button
  const { classNames, children, iconOnly } = host
  const own = !showsDone && typeof children === 'object' ? children : undefined
  const sign = icon ?? (iconOnly && own === undefined ? (drawing ?? 'check') : undefined)
  if (iconOnly && sign === undefined) return <span {...part('icon-at-rest', classNames?.icon)}>{own}</span>
  return (
    <>
      {sign && <Icon name={sign} className={classNames?.icon} />}
      {!iconOnly && (
        <span {...part('label', classNames?.label)} key={own == null ? 'text' : `own ${textIn(own)}`}>
          {own ?? label}
        </span>
      )}
    </>
  )
}
