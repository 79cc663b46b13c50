import type { AnyAction } from '@org/contracts'
import type { MutationError, SyncClient } from '@org/sync-core'
import type { Announce } from '../announcer/announce.js'
import type { ActionMessages, Messages, Words } from '../messages/Messages.js'
import type { ControllerSnapshot } from '../mutation-controller/ControllerSnapshot.js'
import type { MutationController } from '../mutation-controller/MutationController.js'

/** Everything the parts of one button share: its state, its words and what acts on it. */
export interface ButtonModel<A extends AnyAction = AnyAction> {
  client: SyncClient
  controller: MutationController<A>
  snapshot: ControllerSnapshot<A>
  error: MutationError | undefined
  messages: Messages
  actionMessages: ActionMessages
  /** The words of what is shown: of the pending mutation while there is one. */
  words: Words
  announce: Announce
  resolveUser: ((userId: string) => string | undefined) | undefined
  /** Shows attempts or rows. */
  progress: boolean
  /** What the record says now, for a conflict. */
  currentValue?: string | undefined
  /** Rows of a bulk action that failed, in words. */
  failures?: readonly { id: string; name: string; reason: string }[] | undefined
  /** Starts again only what failed. */
  retryFailed?: (() => void) | undefined
  /** Sends once more on purpose what has just been sent. */
  sendAgain?: (() => void) | undefined
}
