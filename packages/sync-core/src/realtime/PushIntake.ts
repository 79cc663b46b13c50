import type { Report } from '../telemetry/report.js'
import { Hints } from './Hints.js'
import { type Ground, judgePush } from './judgePush.js'
import { type Change, readChange } from './readChange.js'
import type { Subscribers } from './Subscribers.js'
import { type PushMark, Unconfirmed } from './Unconfirmed.js'

// More than this during one catch-up go through at once: merging by version makes early changes safe.
const MAX_BUFFERED = 10_000

export interface PushIntakeOptions {
  table: string
  subscribers: Subscribers
  report: Report
  /** Takes checked changes. */
  apply: (changes: readonly Change[]) => void
  /** The log should be read now: what came is incomplete, or not to be believed by itself. */
  onLogNeeded: () => void
}

/** What the rows of a table are to be asked about, after the log was read to its end. */
export interface Doubts {
  /** Rows whose push the log does not know. */
  readonly ids: readonly string[]
  /** Some row should have changed and did not. */
  readonly hasUnsettledHint: boolean
}

/** Checks what one table's feed pushes: held back while the table syncs, judged by what its rows stand on, and followed until the log confirms it. */
export class PushIntake {
  readonly #options: PushIntakeOptions
  readonly #hints: Hints
  readonly #unconfirmed: Unconfirmed
  #ground: Ground = 'first'
  #buffer: unknown[] = []

  constructor(options: PushIntakeOptions) {
    const known = (id: string) => options.subscribers.known(id)
    this.#options = options
    this.#hints = new Hints(known)
    this.#unconfirmed = new Unconfirmed(known)
  }

  /** @param isSyncing true: older changes may still be on their way, so it waits for `drain` */
  push(wire: unknown, isSyncing: boolean): void {
    if (isSyncing && this.#buffer.length < MAX_BUFFERED) this.#buffer.push(wire)
    else this.#receive([wire])
  }

  drain(): void {
    if (this.#buffer.length === 0) return
    const waiting = this.#buffer
    this.#buffer = []
    this.#receive(waiting)
  }

  /** There is a gap in what is known of the log; whatever was pushed before it ends tells nothing. */
  meetGap(): void {
    this.#ground = 'void'
    this.clear()
  }

  /** Rows and log were read to their end. */
  bridgeGap(): void {
    if (this.#ground === 'void') this.#ground = 'anew'
  }

  /** The log showed this change. */
  confirm({ state }: Change): void {
    this.#unconfirmed.confirm(state.id, state.version)
  }

  mark(): PushMark {
    return this.#unconfirmed.mark()
  }

  /** Looks at all that came before `mark`, after a catch-up that began then and whose log held nothing back. */
  review(mark: PushMark): Doubts {
    return { ids: this.#unconfirmed.review(mark), hasUnsettledHint: this.#hints.review() }
  }

  isSuspicious(): boolean {
    return this.#unconfirmed.isSuspicious()
  }

  /** The feed was left. */
  clear(): void {
    this.#buffer = []
    this.#hints.clear()
    this.#unconfirmed.clear()
  }

  /** Another user: as if nothing had ever been pushed. */
  reset(): void {
    this.clear()
    this.#ground = 'first'
  }

  #receive(wires: readonly unknown[]): void {
    const changes = wires.flatMap((wire) => this.#read(wire) ?? [])
    if (changes.length > 0) this.#options.apply(changes)
  }

  #read(wire: unknown): Change | undefined {
    const { table, report, subscribers, onLogNeeded } = this.#options
    const reading = readChange(table, wire)
    if (reading.kind === 'malformed') {
      report('CHANGES_MALFORMED', `A change of "${table}" could not be read (${reading.reason}) and was left out.`, { table })
      return undefined
    }
    const id = reading.kind === 'change' ? reading.change.state.id : reading.id
    const known = subscribers.known(id)
    const verdict = judgePush(this.#ground, known)
    if (verdict === 'take' && reading.kind === 'change') {
      const { version } = reading.change.state
      if (known?.version === undefined || version > known.version) this.#unconfirmed.add(id, version)
      return reading.change
    }
    if (verdict === 'ask the log' || (reading.kind === 'incomplete' && verdict === 'take' && this.#hints.add(reading))) onLogNeeded()
    return undefined
  }
}
