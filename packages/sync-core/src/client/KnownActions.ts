import { ACTIONS, type AnyAction } from '@org/contracts/client'
import type { Report } from '../telemetry/report.js'
import { guardAction } from './guardAction.js'

export interface KnownActionsOptions {
  /** A team's own, and whatever else a page is given from the start. */
  given: readonly AnyAction[]
  report: Report
  /** Clicks of this action were met before it was known. */
  onFound: (name: string) => void
}

/**
 * The actions by name: those a page is given, the built-in ones, and those its buttons bring. The built-in ones are there from
 * the start, because a page without their buttons shows a stored click of another page even offline, where no code can be loaded.
 */
export class KnownActions {
  readonly #options: KnownActionsOptions
  readonly #byName = new Map<string, AnyAction>()
  readonly #missed = new Set<string>()

  constructor(options: KnownActionsOptions) {
    this.#options = options
    for (const action of [...options.given, ...ACTIONS]) this.learn(action)
  }

  readonly find = (name: string): AnyAction | undefined => this.#byName.get(name)

  /** From now on it is known by its name; the first one of a name counts. */
  learn(action: AnyAction): void {
    const { name } = action
    if (this.#byName.has(name)) return
    this.#byName.set(name, guardAction(action, this.#options.report))
    if (this.#missed.has(name)) this.#options.onFound(name)
  }

  /** A click of it waits; a developer is told once where nothing here knows it. */
  need(name: string): void {
    if (this.#byName.has(name) || this.#missed.has(name)) return
    this.#missed.add(name)
    this.#options.report('UNKNOWN_ACTION', { action: name })
  }
}
