export interface LeaderFacts {
  /** The highest term this tab has seen. */
  term: number
  /** Whom it believes; null: nobody just now. */
  leaderId: string | null
  isLeader: boolean
}

/**
 * What to make of a message that claims to be the leader's. Pure. Terms grow, so a leader that was replaced while it
 * hung speaks with an old one.
 *
 * - an older term: it was replaced
 * - this tab leads: a later term means that it was itself replaced while it hung; the lock's own word may come later
 * - a later term, or nobody is believed just now: a new leader
 * - of two with the same term, the one that is known is believed
 */
export function judgeLeader({ term, leaderId, isLeader }: LeaderFacts, from: string, itsTerm: number) {
  if (itsTerm < term) return 'ignore'
  if (isLeader) return itsTerm > term ? 'step back' : 'ignore'
  if (itsTerm > term || leaderId === null) return 'follow'
  return from === leaderId ? 'hear' : 'ignore'
}
