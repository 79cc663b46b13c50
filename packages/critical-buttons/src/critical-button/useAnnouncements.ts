'use client'
import { useEffect, useRef } from 'react'
import { type Announce, ensureLiveRegions } from '../announcer/announce.js'
import { announcementOf } from './announcementOf.js'
import type { PhaseLineInput } from './phaseLine.js'
import type { Trigger } from './Trigger.js'
import { RETRY_ANNOUNCED_EVERY_MS } from './timing.js'
import { useLatest } from './useLatest.js'

/** Says each state once, when it is due; nothing about what was over before this page looked. */
export function useAnnouncements(input: PhaseLineInput, announce: Announce, trigger: Trigger): void {
  const { phase, view, error } = input
  const seen = useRef<{ id?: string | undefined; isOld?: boolean | undefined; said?: string; retryAt: number }>({ retryAt: 0 })
  const planned = announcementOf(input)
  const latest = useLatest({ ...planned, announce })
  const { processed = 0, total = 1 } = view?.progress ?? {}
  // The countdown in a text changes all the time; only these make a new announcement.
  const step = [
    phase,
    view?.id,
    phase === 'retrying' && view?.attempt,
    phase === 'running' && Math.floor((processed / total) * 4),
    error?.code,
    input.repeated,
    input.inVain,
  ].join()

  useEffect(() => ensureLiveRegions(trigger.current?.ownerDocument), [trigger])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `step` stands for what is announced; the rest is read when it is due
  useEffect(() => {
    if (seen.current.id !== view?.id) seen.current = { id: view?.id, isOld: view?.settled && !view.ownTab, retryAt: 0 }
    // Said before this tree was hidden for a while.
    if (seen.current.isOld || seen.current.said === step) return
    if (phase === 'retrying' && Math.abs(Date.now() - seen.current.retryAt) < RETRY_ANNOUNCED_EVERY_MS) return
    const timer = setTimeout(() => {
      seen.current.said = step
      if (phase === 'retrying') seen.current.retryAt = Date.now()
      const { announce: say, afterMs: _afterMs, ...announcement } = latest.current
      if (announcement.text) say({ ...announcement, near: trigger.current })
    }, planned.afterMs)
    return () => clearTimeout(timer)
  }, [step])
}
