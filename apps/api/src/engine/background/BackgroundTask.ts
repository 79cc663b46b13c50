/** Work that no request waits for. Every replica does it; the database keeps them apart. */
export interface BackgroundTask {
  /** For log and metrics. */
  readonly name: string
  /** From the end of one turn to the begin of the next, in milliseconds. > 0. */
  readonly everyMs: number
  /** One turn. It ends early when the signal says that the process is stopping. */
  readonly turn: (signal: AbortSignal) => Promise<void>
}
