'use client'
import type { AnyAction, RequestOf, ResponseOf } from '@org/contracts/client'
import type { ErrorOf } from '@org/sync-core'
import { forwardRef, type ReactElement, type Ref, type RefAttributes } from 'react'
import { ActionButton } from './ActionButton.js'
import { anyActionWords } from './anyActionWords.js'
import type { ButtonData, ButtonKind } from './ButtonKind.js'
import type { CommonButtonProps } from './buttonProps.js'
import { FormSubmit } from './FormSubmit.js'

export interface CriticalButtonProps<A extends AnyAction> extends CommonButtonProps<ResponseOf<A>, ErrorOf<A>> {
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
  return <ActionButton kind={ownKind as unknown as ButtonKind<CriticalButtonProps<A>, A, ButtonData<A>>} props={props} hostRef={ref} />
}

const ownKind: ButtonKind<CriticalButtonProps<AnyAction>, AnyAction, ButtonData<AnyAction>> = {
  component: 'CriticalButton',
  english: anyActionWords,
  useData({ action, request, scope, seenVersion, isDone, ...host }) {
    const known = typeof request === 'function' ? undefined : request
    return {
      host,
      action,
      lane: scope?.id ?? (known === undefined ? undefined : action.lanes(known)[0]),
      request: known,
      requestFrom: typeof request === 'function' ? request : undefined,
      seenVersion,
      isDone,
      isOpen: host.type === 'submit',
      subject: host.subject,
    }
  },
  resultOf: (_data, response) => response,
  children: ({ host }, { triggerRef }, send) => host.type === 'submit' && <FormSubmit triggerRef={triggerRef} onSubmit={send} />,
}
