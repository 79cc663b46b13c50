'use client'
import { useEffect, useRef } from 'react'
import { ensureLiveRegions } from '../announcer/announce.js'
import { announcementOf } from './announcementOf.js'
import type { ButtonModel } from './ButtonModel.js'
import type { StatusLineInput } from './statusLineOf.js'
import { TIMING } from './timing.js'

/** Says each state once, when it is due; nothing about what was over before this page looked. */
export function useAnnouncements(model: ButtonModel, input: StatusLineInput): void {
  const { announce } = model
  const { phase, view } = input
  const retryAnnouncedAt = useRef(0)
  const isOldNews = useRef(view?.settled === true && !view.ownTab ? view.id : undefined)
  const planned = announcementOf(input)
  const latest = useRef({ planned, announce })
  latest.current = { planned, announce }
  // The countdown in a text changes all the time; only these make a new announcement.
  const step = [
    phase,
    view?.id,
    phase === 'retrying' ? view?.attempt : '',
    phase === 'running' ? planned?.text : '',
    input.error?.code,
  ].join()

  useEffect(ensureLiveRegions, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `step` stands for what is announced; the rest is read when it is due
  useEffect(() => {
    if (isOldNews.current !== undefined && isOldNews.current === view?.id) return
    if (phase === 'retrying') {
      if (Date.now() - retryAnnouncedAt.current < TIMING.retryAnnouncedEveryMs) return
      retryAnnouncedAt.current = Date.now()
    }
    const { planned: due } = latest.current
    if (due === undefined || due.text === '') return
    const timer = setTimeout(() => {
      const { text, politeness, mutationId } = latest.current.planned ?? due
      latest.current.announce({ text, politeness, mutationId })
    }, due.afterMs)
    return () => clearTimeout(timer)
  }, [step])
}
