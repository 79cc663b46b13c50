import type { AnyAction } from '@org/contracts/client'
import type { MutationError, SyncClient } from '@org/sync-core'
import type { ReactNode } from 'react'
import type { Announce } from '../announcer/announce.js'
import type { ActionMessages, CommonMessages, Words } from '../messages/Messages.js'
import type { ControllerSnapshot } from '../mutation-controller/ControllerSnapshot.js'
import type { MutationController } from '../mutation-controller/MutationController.js'
import type { CriticalButtonOptions } from './CriticalButtonOptions.js'
import type { Trigger } from './Trigger.js'

/** Everything the parts of one button share: its state, its words and what acts on it. */
export interface ButtonModel<A extends AnyAction = AnyAction> {
  /** Of its own in the document; the words about its state carry it. */
  id: string
  client: SyncClient
  controller: MutationController<A>
  snapshot: ControllerSnapshot<A>
  error: MutationError | undefined
  messages: CommonMessages
  /** This action's sentences. */
  say: ActionMessages
  /** What the sentences are about: of the pending mutation while there is one. */
  words: Words
  announce: Announce
  /** Display name of a user id. */
  nameOf: (userId: string) => string
  /** Attempts or rows are shown by a progress bar. */
  progress: boolean
  /** What the owner says of how it shall look, and of the record. */
  options: Pick<CriticalButtonOptions<A>, 'status' | 'classNames' | 'slots' | 'seenVersion' | 'change'>
  /** Its host lets nothing new be sent. */
  isOff: boolean
  /** Why nothing can be clicked. */
  why: string | undefined
  /** What the dialog asks. */
  question: string
  /** What the record says now, for a conflict. */
  currentValue: string | undefined
  /** More about a failure, under its sentence. */
  details: ReactNode
  /** Starts again only what failed. */
  retryFailed: (() => void) | undefined
  /** Sends once more on purpose what has just been sent. */
  sendAgain: (() => void) | undefined
  /** Tells that it is done already; set while it is. */
  onAlreadyDone: (() => void) | undefined
  trigger: Trigger
}
