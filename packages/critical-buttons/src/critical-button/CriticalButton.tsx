'use client'
import type { AnyAction, RequestOf, ResponseOf } from '@org/contracts/client'
import type { ErrorOf } from '@org/sync-core'
import { forwardRef, type ReactElement, type Ref, type RefAttributes } from 'react'
import { type CommonButtonProps, plainText } from './buttonProps.js'
import { renderButton } from './renderButton.js'
import { useCriticalButton } from './useCriticalButton.js'

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
  /** `isDone` at mount or by someone else: a workflow goes on here. At most once a component and record. */
  onAlreadyDone?: () => void
}

interface InnerProps<A extends AnyAction> {
  props: CriticalButtonProps<A>
  hostRef: Ref<HTMLButtonElement>
}

/** A button for a team's own action. */
export const CriticalButton = forwardRef(CriticalButtonBase) as <A extends AnyAction>(
  props: CriticalButtonProps<A> & RefAttributes<HTMLButtonElement>,
) => ReactElement

// No hooks in here: React looks at every row's outermost component when one row changes, and passes quickly over one
// that reads nothing.
function CriticalButtonBase<A extends AnyAction>(props: CriticalButtonProps<A>, ref: Ref<HTMLButtonElement>): ReactElement {
  return <OwnActionButton props={props} hostRef={ref} />
}

function OwnActionButton<A extends AnyAction>({ props, hostRef }: InnerProps<A>): ReactElement {
  const { action, scope, seenVersion, isDone, request, ...host } = props
  const { onSuccess, onError } = host
  const button = useCriticalButton(action, {
    ...host,
    request,
    lane: scope?.id,
    seenVersion,
    isDone,
    label: plainText(host.children),
    onSuccess: (data) => onSuccess?.(data),
    onError: (error) => onError?.(error),
  })
  return renderButton({ component: 'CriticalButton', button: button as never, host: host as never, hostRef })
}
