import type { AnyAction, RequestOf, ResponseOf } from '@org/contracts/client'
import type { ErrorOf, MutationView, SyncClient } from '@org/sync-core'
import type { ReactNode } from 'react'
import type { ActionMessages, CommonMessages, Words } from '../messages/Messages.js'
import type { ControllerSnapshot } from '../mutation-controller/ControllerSnapshot.js'
import type { MutationController } from '../mutation-controller/MutationController.js'
import type { Environment } from '../provider/environment.js'
import type { ButtonModel } from './ButtonModel.js'
import type { AnyButtonProps } from './buttonProps.js'

/** What all buttons read from their surroundings, once. */
export interface Surroundings {
  client: SyncClient
  environment: Environment
  messages: CommonMessages
  /** Of its own in the document. */
  id: string
}

/** What one component reads for one rendering. */
export interface ButtonData<A extends AnyAction> {
  /** The props that all buttons take; what is not ours goes to the `<button>`. */
  host: AnyButtonProps
  action: A
  /** See `useController`. */
  lane: string | undefined
  /** What a click sends, where that is known before the click. */
  request?: RequestOf<A> | undefined
  /** Else asked at the click, with the fields of the form the button is in. */
  requestFrom?: ((form: FormData) => RequestOf<A>) | undefined
  /** Whom or what it is about. */
  subject: string | undefined
  /** The version of the row the person sees. */
  seenVersion?: number | undefined
  /** Nothing left to do: shows the done label and takes no clicks. */
  isDone?: boolean | undefined
  isDisabled?: boolean
  /** Something else of this component is shown, a menu for example. */
  isOpen?: boolean
  label?: ReactNode
  attributes?: { className?: string | undefined; [attribute: string]: unknown }
}

/** Props with callbacks of any type. */
export interface Listening {
  onSuccess?: (data: never) => void
  onError?: (error: never) => void
}

/** What a callback is given. */
type NewsOf<Callback> = NonNullable<Callback> extends (news: infer News) => void ? News : never

/** What makes one component of the shared button. Said once, not at each rendering: there may be ten thousand rows. */
export interface ButtonKind<Props extends Listening, A extends AnyAction, Data extends ButtonData<A>> {
  /** Exact component name, for `data-component`. */
  component: string
  /** `chip` looks like a status; else like a main action. */
  look?: 'chip'
  english: ActionMessages
  /** A hook: may call hooks, always the same ones. */
  useData: (props: Props, surroundings: Surroundings) => Data
  /** A hook too: what else this component does with its controller. */
  useController?: (data: Data, controller: MutationController<A>) => void
  /** What the sentences mention. @default the subject alone */
  wordsOf?: (data: Data, snapshot: ControllerSnapshot<A>) => Words
  /** What the host's `onSuccess` is given. */
  resultOf: (data: Data, response: ResponseOf<A>, view: MutationView<ResponseOf<A>>) => NewsOf<Props['onSuccess']>
  /** What the host's `onError` is given. @default the error itself */
  errorOf?: (data: Data, error: ErrorOf<A>, view: MutationView<ResponseOf<A>> | undefined) => NewsOf<Props['onError']>
  /** What the dialog asks; undefined: the catalogue's text. @default the host's `confirmMessage` */
  question?: (data: Data, snapshot: ControllerSnapshot<A>) => string | undefined
  /** Fills in what only this component knows. */
  extend?: (data: Data, model: ButtonModel<A>) => Partial<ButtonModel<A>>
  /** Instead of sending. */
  onPress?: (data: Data) => void
  children?: (data: Data, model: ButtonModel<A>, send: (form: HTMLFormElement | null) => void) => ReactNode
}
