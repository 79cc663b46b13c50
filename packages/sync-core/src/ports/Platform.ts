import type { Report } from '../telemetry/report.js'
import type { Clock } from './Clock.js'
import type { Connectivity } from './Connectivity.js'
import type { Locks } from './Locks.js'
import type { Random } from './Random.js'

/** What every room stands on; handed on whole. */
export interface Platform {
  clock: Clock
  random: Random
  connectivity: Connectivity
  locks: Locks
  /** Tells the host about trouble that is nobody's mutation. */
  report: Report
}
