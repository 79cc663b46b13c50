import type { AnyAction, BaseRow } from '@org/contracts'
import type { FakeSyncClient, FakeSyncClientOptions } from '../../src/testing/createFakeSyncClient.js'
import type { PhaseSetting } from '../../src/testing/PhaseSetting.js'

/** A click that has already happened when the story opens. */
export interface StagedClick extends PhaseSetting {
  action: AnyAction
  request: unknown
}

/** What a story tells the stage in `parameters.stage`. */
export interface StageParameters {
  /** Laid over the stage's own rows, by table. */
  rows?: Record<string, readonly BaseRow[]>
  clicks?: readonly StagedClick[]
  /** The network is gone. @default as the toolbar says */
  offline?: boolean
  /** @default somebody is signed in */
  user?: FakeSyncClientOptions['user']
  /** What the API answers to reads. @default 404 */
  read?: FakeSyncClientOptions['read']
  /** Whatever else is to be so before the story is shown. */
  prepare?: (client: FakeSyncClient) => unknown
  note?: StageNote
}

/** What a person notices in this state. */
export interface StageNote {
  sees: string
  hears: string
  can: string
}
