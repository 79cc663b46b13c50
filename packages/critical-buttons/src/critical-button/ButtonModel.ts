import type { AnyAction } from '@org/contracts/client'
import type { MutationError, SyncClient } from '@org/sync-core'
import type { ReactNode, RefObject } from 'react'
import { type Announce, announceInDocument } from '../announcer/announce.js'
import type { ActionMessages, CommonMessages, Words } from '../messages/Messages.js'
import type { ControllerSnapshot } from '../mutation-controller/ControllerSnapshot.js'
import type { MutationController } from '../mutation-controller/MutationController.js'
import type { Environment } from '../provider/environment.js'

/** Everything the parts of one button share: its state, its words and what acts on it. */
export interface ButtonModel<A extends AnyAction = AnyAction> {
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
  /** What the record says now, for a conflict. */
  currentValue?: string | undefined
  /** How the record changed while a dialog about it was open: "Ben set it to Lost". */
  change?: string | undefined
  /** More about a failure, under its sentence. */
  details?: ReactNode
  /** Starts again only what failed. */
  retryFailed?: () => void
  /** Sends once more on purpose what has just been sent. */
  sendAgain?: () => void
  triggerRef: RefObject<HTMLButtonElement | null>
}

type Given = 'client' | 'controller' | 'snapshot' | 'messages' | 'say' | 'words' | 'progress' | 'triggerRef'

/** Puts the model of one rendering together. */
export function createButtonModel<A extends AnyAction>({
  environment,
  announce,
  ...given
}: Pick<ButtonModel<A>, Given> & { environment: Environment; announce: Announce | false | undefined }): ButtonModel<A> {
  const { snapshot } = given
  return {
    ...given,
    error: snapshot.refusal ?? snapshot.view?.error,
    announce: announce === false ? ignore : (announce ?? environment.announce ?? announceInDocument),
    nameOf: (userId) => environment.resolveUser?.(userId) ?? userId,
  }
}

function ignore(): void {}
