import type { MergeOutcome } from '../store/reconcile.js'
import type { SubscriptionInfo } from './RealtimeSyncService.js'

export type ChangeOrigin = 'realtime' | 'catch-up'

type Counts = Pick<SubscriptionInfo, 'lastEventAt' | 'received' | 'duplicates' | 'staleDropped' | 'gapsRepaired'>

export const NOTHING_COUNTED: Counts = { lastEventAt: null, received: 0, duplicates: 0, staleDropped: 0, gapsRepaired: 0 }

/** The counts after one more change. Pure. @param isPushed false: nothing pushes here, so that asking repairs nothing */
export function countChange(
  counts: Counts,
  { outcome, from, at, isPushed }: { outcome: MergeOutcome; from: ChangeOrigin; at: number; isPushed: boolean },
): Counts {
  // The log repeats what the feed brought; that is its job and no sign of anything.
  if (from === 'catch-up' && outcome !== 'applied') return counts
  return {
    lastEventAt: at,
    received: counts.received + 1,
    duplicates: counts.duplicates + Number(outcome === 'duplicate'),
    staleDropped: counts.staleDropped + Number(outcome === 'stale'),
    gapsRepaired: counts.gapsRepaired + Number(outcome === 'applied' && from === 'catch-up' && isPushed),
  }
}
