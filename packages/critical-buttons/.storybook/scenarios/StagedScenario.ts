import type { ReactNode } from 'react'
import type { Scenario } from '../../src/testing/Scenario.js'

/** A scenario with the page it is played on. */
export interface StagedScenario extends Scenario {
  page: () => ReactNode
}
