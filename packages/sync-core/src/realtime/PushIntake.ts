import type { Report } from '../telemetry/report.js'
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
  /** There is news in the log: what came does not hold it, or is not to be believed by itself. */
  onHint: () => void
}

/** Checks what one table's feed pushes: held back while the table syncs, judged by what its rows stand on, and followed until the log confirms it. */
export class PushIntake {
  readonly #options: PushIntakeOptions
  readonly #unconfirmed: Unconfirmed
  #ground: Ground = 'first'
  #buffer: unknown[] = []

  constructor(options: PushIntakeOptions) {
    this.#options = options
    this.#unconfirmed = new Unconfirmed((id) => options.subscribers.known(id))
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

  /** After a catch-up that began at `mark` and whose log held nothing back: the rows whose push it does not know. */
  review(mark: PushMark): readonly string[] {
    return this.#unconfirmed.review(mark)
  }

  isSuspicious(): boolean {
    return this.#unconfirmed.isSuspicious()
  }

  /** The feed was left. */
  clear(): void {
    this.#buffer = []
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
    const { table, report, subscribers, onHint } = this.#options
    const reading = readChange(table, wire)
    if (reading.kind === 'malformed')
      report('CHANGES_MALFORMED', `A change of "${table}" could not be read (${reading.reason}), so the change log is.`, { table })
    if (reading.kind !== 'change') {
      onHint()
      return undefined
    }
    const { id, version } = reading.change.state
    const known = subscribers.known(id)
    const verdict = judgePush(this.#ground, known)
    if (verdict === 'ask the log') onHint()
    if (verdict !== 'take') return undefined
    if (known?.version === undefined || version > known.version) this.#unconfirmed.add(id, version)
    return reading.change
  }
}
