'use client'
import { useEffect, useRef } from 'react'
import { type Announce, ensureLiveRegions } from '../announcer/announce.js'
import { announcementOf } from './announcementOf.js'
import type { PhaseLineInput } from './phaseLine.js'
import { RETRY_ANNOUNCED_EVERY_MS } from './timing.js'
import { useLatest } from './useLatest.js'

/** Says each state once, when it is due; nothing about what was over before this page looked. */
export function useAnnouncements(input: PhaseLineInput, announce: Announce): void {
  const { phase, view, error } = input
  const retryAnnouncedAt = useRef(0)
  const oldNews = useRef(view?.settled && !view.ownTab ? view.id : null)
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
  ].join()

  useEffect(ensureLiveRegions, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `step` stands for what is announced; the rest is read when it is due
  useEffect(() => {
    if (oldNews.current === view?.id) return
    if (phase === 'retrying') {
      if (Date.now() - retryAnnouncedAt.current < RETRY_ANNOUNCED_EVERY_MS) return
      retryAnnouncedAt.current = Date.now()
    }
    const timer = setTimeout(() => {
      const { announce: say, afterMs: _afterMs, ...announcement } = latest.current
      if (announcement.text) say(announcement)
    }, planned.afterMs)
    return () => clearTimeout(timer)
  }, [step])
}
