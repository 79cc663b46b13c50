import type { Clock } from '../ports/Clock.js'
import type { Locks } from '../ports/Locks.js'

/** A follower that hears nothing for this long believes that nobody leads. Milliseconds. */
export const SILENCE_MS = 3_000
/** A lock is stolen at most this often by one tab: two tabs that cannot hear each other would take it in turns. Milliseconds. */
export const STEAL_PAUSE_MS = 30_000

export interface TakeOverFacts {
  now: number
  /** When a leader was heard last, or waiting for one began. */
  heardAt: number
  visible: boolean
  stolenAt: number | null
}

/**
 * What a tab that does not lead does next. Pure. A hidden tab waits: nobody looks at it, its timers are slow,
 * and it catches up when it is shown.
 */
export function decideTakeOver({ now, heardAt, visible, stolenAt }: TakeOverFacts): 'wait' | 'connect' | 'connect and steal' {
  // Distances, because a clock that stepped back must not make anything wait until it has caught up.
  if (!visible || Math.abs(now - heardAt) < SILENCE_MS) return 'wait'
  const isPausing = stolenAt !== null && Math.abs(now - stolenAt) < STEAL_PAUSE_MS
  return isPausing ? 'connect' : 'connect and steal'
}

export interface LeadershipOptions {
  locks: Locks
  clock: Clock
  /** Of the lock. */
  name: string
  /** The lock is ours from now on. */
  onGained: () => void
  /** It was stolen. */
  onStolen: () => void
}

/** The lock that elects one tab among many, held from its first callback until it is given back or stolen. */
export class Leadership {
  readonly #options: LeadershipOptions
  /** The present try to hold the lock: waiting in line, or holding it. */
  #candidature: Candidature | null = null
  #isLeader = false
  #stolenAt: number | null = null

  constructor(options: LeadershipOptions) {
    this.#options = options
  }

  get isLeader(): boolean {
    return this.#isLeader
  }

  /** When this tab last took the lock from another. */
  get stolenAt(): number | null {
    return this.#stolenAt
  }

  /** Waits in line for the lock. Does nothing while waiting or leading already. */
  stand(): void {
    if (this.#candidature === null) this.#run(false)
  }

  /** Takes the lock from whoever has it. */
  steal(): void {
    this.#stolenAt = this.#options.clock.now()
    this.release()
    this.#run(true)
  }

  /** Gives the lock back, or leaves the line. */
  release(): void {
    const own = this.#candidature
    this.#candidature = null
    this.#isLeader = false
    own?.end()
  }

  #run(steal: boolean): void {
    const { locks, name } = this.#options
    const own = new Candidature()
    this.#candidature = own
    locks
      .request(name, steal ? { steal } : { signal: own.signal }, () => this.#hold(own))
      // An AbortError: stolen from us, or we left the line. Anything else: the browser refuses locks, and nobody leads.
      .catch(() => this.#lose(own))
  }

  #hold(own: Candidature): Promise<void> {
    if (this.#candidature !== own) return Promise.resolve()
    this.#isLeader = true
    this.#options.onGained()
    return own.ended
  }

  #lose(own: Candidature): void {
    if (this.#candidature !== own) return
    const wasLeader = this.#isLeader
    this.#candidature = null
    this.#isLeader = false
    if (wasLeader) this.#options.onStolen()
  }
}

class Candidature {
  readonly #waiting = new AbortController()
  readonly signal = this.#waiting.signal
  #giveBack = () => {}
  readonly ended = new Promise<void>((resolve) => {
    this.#giveBack = resolve
  })

  end(): void {
    this.#waiting.abort()
    this.#giveBack()
  }
}
