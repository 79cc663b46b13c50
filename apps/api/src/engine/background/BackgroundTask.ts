/** Work that no request waits for. Every replica does it; the database keeps them apart. */
export interface BackgroundTask {
  /** For log and metrics. */
  readonly name: string
  /** From the end of one turn to the begin of the next, in milliseconds. > 0. */
  readonly everyMs: number
  /** Turns that find nothing to do come ever more rarely, down to one in this time, in milliseconds. @default everyMs */
  readonly idleEveryMs?: number
  /** One turn; resolves to false when it found nothing to do. It ends early when the signal says that the process is stopping. */
  readonly turn: (signal: AbortSignal) => Promise<boolean>
  /** Hands over what ends an idle time, for whoever makes work in this process. Called once, before the first turn. */
  readonly onWake?: (wake: () => void) => void
}
