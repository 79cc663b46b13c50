import type { AnyAction } from '@org/contracts/client'
import type { Clock } from '../ports/Clock.js'
import type { Connectivity } from '../ports/Connectivity.js'
import type { Locks } from '../ports/Locks.js'
import type { OpenStorage } from '../ports/MutationStorage.js'
import type { Random } from '../ports/Random.js'
import type { EntityStore } from '../store/EntityStore.js'
import type { Listeners } from '../store/listeners.js'
import type { Tabs } from '../tabs/Tabs.js'
import type { LoopTimes } from '../telemetry/LoopTimes.js'
import type { Report } from '../telemetry/report.js'
import type { Limits } from './SyncClientSettings.js'

/** What all users of one client share. */
export interface ClientParts {
  clock: Clock
  random: Random
  connectivity: Connectivity
  locks: Locks
  openStorage: OpenStorage
  store: EntityStore
  report: Report
  loopTimes: LoopTimes
  /** Keys: `lane:<name>`, `mutation:<id>`, `queue`. */
  listeners: Listeners
  /** This page load, or this client in it. */
  tabId: string
  /** This tab among the others. */
  tabs: Tabs
  findAction: (name: string) => AnyAction | undefined
  limits: Limits
  requireKeyEcho: boolean
}

/** What one user's scope needs: those parts, and whom to tell. */
export interface ScopeParts extends ClientParts {
  /** An own mutation was acknowledged. */
  onAcknowledged: () => void
  /** ... and only the server's rows say what it did. */
  onUnread: () => void
}
