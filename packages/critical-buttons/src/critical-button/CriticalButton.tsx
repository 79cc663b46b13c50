'use client'
import type { AnyAction, RequestOf, ResponseOf } from '@org/contracts'
import type { MutationError } from '@org/sync-core'
import { forwardRef, type ReactElement, type Ref, type RefAttributes } from 'react'
import { isSendingPhase } from '../mutation-controller/phase.js'
import { ActionButton, type ActionButtonSetup } from './ActionButton.js'
import { anyActionWords } from './anyActionWords.js'
import type { CommonButtonProps } from './buttonProps.js'
import { FormSubmit } from './FormSubmit.js'

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
  return <ActionButton<CriticalButtonProps<A>, A> props={props} hostRef={ref} useSetup={setUp} />
}

function setUp<A extends AnyAction>({
  action,
  request,
  scope,
  seenVersion,
  isDone,
  ...host
}: CriticalButtonProps<A>): ActionButtonSetup<A> {
  const make = request as (form: FormData) => RequestOf<A>
  const known = typeof request === 'function' ? undefined : (request as RequestOf<A>)
  return {
    component: 'CriticalButton',
    host,
    action,
    lane: scope?.id ?? (known === undefined ? undefined : action.lanes(known)[0]),
    english: anyActionWords,
    requestOf: (form) => (known === undefined ? make(new FormData(form ?? undefined)) : known),
    isLocked: ({ controller, snapshot }) => (known === undefined ? isSendingPhase(snapshot.phase) : controller.isLocked(known)),
    isDone,
    wordsOf: () => host,
    onSuccess: (data) => host.onSuccess?.(data),
    onError: (error) => host.onError?.(error),
    seenVersion,
    question: () => host.confirmMessage,
    children: ({ triggerRef }, send) => host.type === 'submit' && <FormSubmit triggerRef={triggerRef} onSubmit={send} />,
  }
}
