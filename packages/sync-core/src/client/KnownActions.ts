import type { AnyAction } from '@org/contracts/client'
import type { Report } from '../telemetry/report.js'
import { guardAction } from './guardAction.js'

/** Loads the built-in actions. */
export type LoadActions = () => Promise<{ readonly ACTIONS: readonly AnyAction[] }>

export interface KnownActionsOptions {
  /** A team's own, and whatever else a page is given from the start. */
  given: readonly AnyAction[]
  load: LoadActions
  /** Resolves once the server has answered: code that could not be loaded is never asked for again. */
  reached: Promise<void>
  report: Report
  /** Clicks of this action were met before it was known. */
  onFound: (name: string) => void
}

/**
 * The actions by name: those a page is given, those its buttons bring, and, once a stored click of another page asks for one,
 * the built-in ones, so that no page carries what it has no button for.
 */
export class KnownActions {
  readonly #options: KnownActionsOptions
  readonly #byName = new Map<string, AnyAction>()
  readonly #missed = new Set<string>()

  constructor(options: KnownActionsOptions) {
    this.#options = options
    for (const action of options.given) this.learn(action)
  }

  readonly find = (name: string): AnyAction | undefined => this.#byName.get(name)

  /** From now on it is known by its name; the first one of a name counts. */
  learn(action: AnyAction): void {
    const { name } = action
    if (this.#byName.has(name)) return
    this.#byName.set(name, guardAction(action, this.#options.report))
    if (this.#missed.has(name)) this.#options.onFound(name)
  }

  /** A click of it waits. */
  async need(name: string): Promise<void> {
    if (this.#byName.has(name) || this.#missed.has(name)) return
    const { load, reached, report } = this.#options
    this.#missed.add(name)
    await reached
    const { ACTIONS } = await load().catch(() => NONE)
    for (const action of ACTIONS) if (action.name === name) this.learn(action)
    if (!this.#byName.has(name)) report('UNKNOWN_ACTION', { action: name })
  }
}

const NONE = { ACTIONS: [] }
