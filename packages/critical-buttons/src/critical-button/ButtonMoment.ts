import type { AnyAction, RequestOf } from '@org/contracts/client'
import type { SyncClient } from '@org/sync-core'
import type { ActionMessages, CatalogueInUse } from '../messages/Messages.js'
import type { ControllerSnapshot } from '../mutation-controller/ControllerSnapshot.js'
import type { MutationController } from '../mutation-controller/MutationController.js'
import type { Environment } from '../provider/environment.js'
import type { buttonPreset } from './buttonProps.js'
import type { CriticalButtonOptions } from './CriticalButtonOptions.js'
import type { Trigger } from './Trigger.js'

/** What a button reads from around it. */
export interface Surroundings {
  client: SyncClient
  environment: Environment
  messages: CatalogueInUse
  /** Of its own in the document. */
  id: string
}

/** The options of a button that brings its own words: no page with such buttons alone holds those for any action. */
export type SpokenOptions<A extends AnyAction> = CriticalButtonOptions<A> & { defaultWords: ActionMessages }

/** All that one rendering of one button is made from. */
export interface ButtonMoment<A extends AnyAction> {
  surroundings: Surroundings
  action: A
  options: SpokenOptions<A>
  preset: ReturnType<typeof buttonPreset>
  /** Undefined where it is made at the click. */
  request: RequestOf<A> | undefined
  trigger: Trigger
  controller: MutationController<A>
  snapshot: ControllerSnapshot<A>
}
