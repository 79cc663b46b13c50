import { useCallback, useEffect, useState } from 'react'
import { clearFaults, type FaultPlan, putFaults, readFaults, WORKING } from './faultPlan.js'

/** The fault plan and its verbs; `trouble` says why the last one did not work. */
export interface Faults {
  plan: FaultPlan
  trouble: string | null
  change(plan: Partial<FaultPlan>): void
  clear(): void
}

export function useFaults(): Faults {
  const [plan, setPlan] = useState(WORKING)
  const [trouble, setTrouble] = useState<string | null>(null)
  const follow = useCallback((answer: Promise<FaultPlan>) => {
    answer
      .then((next) => {
        setPlan(next)
        setTrouble(null)
      })
      .catch((error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)))
  }, [])
  useEffect(() => follow(readFaults()), [follow])
  return { plan, trouble, change: (next) => follow(putFaults({ ...plan, ...next })), clear: () => follow(clearFaults()) }
}
