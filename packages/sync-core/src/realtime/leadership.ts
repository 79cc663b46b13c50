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

/** The lock that elects the one tab with the connection, held from its first callback until it is given back or stolen. */
export interface Leadership {
  isLeader(): boolean
  /** Waits in line for the lock. Does nothing while waiting or leading already. */
  stand(): void
  /** Takes the lock from whoever has it. */
  steal(): void
  /** Gives the lock back, or leaves the line. */
  release(): void
  stolenAt(): number | null
}

export function createLeadership({ locks, clock, name, onGained, onStolen }: LeadershipOptions): Leadership {
  let isLeader = false
  let stolenAt: number | null = null
  /** Ends the present candidature: leaves the line, or gives the lock back. */
  let end: (() => void) | null = null

  function run(steal: boolean): void {
    const waiting = new AbortController()
    let giveBack = () => {}
    const isOver = () => end !== endOwn
    const endOwn = () => {
      waiting.abort()
      giveBack()
    }
    end = endOwn
    const hold = () =>
      new Promise<void>((resolve) => {
        giveBack = resolve
        if (isOver()) return resolve()
        isLeader = true
        onGained()
      })
    locks.request(name, steal ? { steal } : { signal: waiting.signal }, hold).catch(() => {
      // An AbortError: stolen from us, or we left the line. Anything else: the browser refuses locks, and nobody leads.
      if (isOver()) return
      end = null
      const wasLeader = isLeader
      isLeader = false
      if (wasLeader) onStolen()
    })
  }

  function release(): void {
    const endOwn = end
    end = null
    isLeader = false
    endOwn?.()
  }

  return {
    isLeader: () => isLeader,
    stand: () => {
      if (end === null) run(false)
    },
    steal: () => {
      stolenAt = clock.now()
      release()
      run(true)
    },
    release,
    stolenAt: () => stolenAt,
  }
}
