import type { AnyAction } from '@org/contracts/client'
import type { ErrorOf } from '@org/sync-core'
import type { ButtonHTMLAttributes, FunctionComponent, Ref, RefObject } from 'react'
import type { MutationController } from '../mutation-controller/MutationController.js'
import type { ButtonPhase } from '../mutation-controller/phase.js'
import type { IconName } from './Icon.js'

declare const opaque: unique symbol

/** What `Parts` shows: handed on as it is. */
export interface ButtonParts {
  readonly [opaque]: never
}

type DataAttributes = { [name: `data-${string}`]: string | number | boolean | undefined }

/** What a button of your own brings along; all of it comes back in what `getButtonProps` returns. */
export type HostButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & DataAttributes & { ref?: Ref<HTMLButtonElement> | undefined }

/** For a `<button>`, or for any component that hands props and ref on to one. */
export type TriggerProps = ButtonHTMLAttributes<HTMLButtonElement> &
  DataAttributes & { ref: (node: HTMLButtonElement | null) => void; type: 'button' | 'submit' | 'reset' }

type Controls<A extends AnyAction> = Pick<MutationController<A>, 'mutate' | 'mutateAsync' | 'confirm' | 'dismiss' | 'retryNow' | 'cancel'>

/** A critical button without its looks. */
export interface CriticalButtonState<A extends AnyAction> extends Controls<A> {
  /** Drives `data-state`. */
  readonly phase: ButtonPhase
  /** One string: at rest what a click does, afterwards that it is done. */
  readonly label: string
  /** True while `label` says that it is done. */
  readonly showsDone: boolean
  /** The sign of what is seen of the phase; undefined at rest. */
  readonly icon: IconName | undefined
  /** A click would do nothing: disabled, done, on its way, or nobody is signed in. */
  readonly isLocked: boolean
  /** Attempts begun. */
  readonly attempt: number
  readonly error: ErrorOf<A> | undefined
  /** Your props, with what makes the element this button: `aria-*`, `data-*`, ref, press and key handling. */
  getButtonProps(host?: HostButtonProps): TriggerProps
  /** Null at rest. */
  readonly parts: ButtonParts | null
  /** Renders `parts` beside the button: announcements, status, dialog and progress. */
  readonly Parts: FunctionComponent<{ of: ButtonParts | null }>
  /** The element that has the ref of `getButtonProps`. */
  readonly triggerRef: RefObject<HTMLButtonElement | null>
  /** Goes on with a mutation of an earlier page load or of another tab. */
  goOnWith(id: string): void
}
