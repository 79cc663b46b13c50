import type { AnyAction, BaseRow, RequestOf, ResponseOf } from '@org/contracts/client'
import type { MutationError } from '@org/sync-core'
import type { ReactNode } from 'react'
import type { ActionMessages, Words } from '../messages/Messages.js'
import type { MutationHandlers } from '../mutation-controller/MutationHandlers.js'
import type { BehaviourOptions } from './buttonProps.js'

/** What `useCriticalButton` is told of one button. */
export interface CriticalButtonOptions<A extends AnyAction> extends BehaviourOptions, MutationHandlers<A> {
  /**
   * What a click sends; a function is asked at the click, with the fields of the form the button is in. Undefined where
   * something else decides: then nothing is sent until `mutate` is called.
   */
  request?: RequestOf<A> | ((form: FormData) => RequestOf<A>) | undefined
  /**
   * The lane whose newest mutation is shown; null: what this button submitted itself. @default the request's first; with
   * a request made at the click, null
   */
  lane?: string | null | undefined
  /** The label at rest. @default from the message catalogue */
  label?: string | undefined
  /** The version of the row the person sees, for actions with `expectedVersion`. */
  seenVersion?: number | undefined
  /** Nothing left to do: shows the done label and takes no clicks. @default false */
  isDone?: boolean | undefined
  /** What `onAlreadyDone` waits for. @default isDone */
  isAlreadyDone?: boolean | undefined
  /**
   * What the button does is done already, at mount or by someone else: a workflow goes on here. At most once a component
   * and record, and never for a click of which `onSuccess` was told.
   */
  onAlreadyDone?: (() => void) | undefined
  /** What the dialog asks. @default the catalogue's words */
  confirmMessage?: string | ((request: RequestOf<A> | undefined) => string | undefined) | undefined

  /** What the catalogue's words are laid over. @default general ones: "Continue", "Done" */
  defaultWords?: ActionMessages | undefined
  /** What sentences mention, of a request and its answer; of none: what a click would do. @default the subject alone */
  words?: ((request: RequestOf<A> | undefined, data: ResponseOf<A> | undefined) => Words) | undefined
  /** How the record changed, said while a dialog is open: "Ben set it to Lost". */
  change?: string | undefined
  /** What the record says now, of the row that came with a conflict. */
  currentValue?: ((row: BaseRow) => string | undefined) | undefined
  /** More about a partial failure, under its sentence. */
  details?: ((error: MutationError) => ReactNode) | undefined
  /** The request that starts again only what failed. */
  retryFailed?: ((sent: RequestOf<A>, error: MutationError) => RequestOf<A>) | undefined
  /** The request that means once more what has just been sent. */
  sendAgain?: ((sent: RequestOf<A>) => RequestOf<A>) | undefined
}
