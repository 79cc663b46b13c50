'use client'
import { type ReactNode, useEffect } from 'react'
import type { ButtonModel } from './ButtonModel.js'
import type { ButtonClassNames } from './buttonProps.js'
import { Icon } from './Icon.js'
import { part } from './part.js'
import { isAlreadySo } from './phaseLine.js'
import { PHASE_LOOKS } from './phaseLooks.js'
import { SUCCESS_SHOWN_MS } from './timing.js'
import { useAnnouncements } from './useAnnouncements.js'
import { useLineInput } from './useLineInput.js'
import { useShownPhase } from './useShownPhase.js'

export interface PhaseContentProps {
  model: ButtonModel
  /** The label at rest; it stays while pending, so that the accessible name is stable. */
  children: ReactNode
  /** The label once it is done. */
  done: ReactNode
  classNames: ButtonClassNames | undefined
  /** Done, whatever the last click says. */
  isDone: boolean
}

/** What a button holds while there is a mutation: icon, label, and what is said about it. */
export function PhaseContent({ model, children, done, classNames, isDone }: PhaseContentProps) {
  const { controller, snapshot } = model
  const shown = useShownPhase(snapshot.phase)
  useAnnouncements(useLineInput(model), model.announce)

  // What there is more to say about stays.
  const ends = snapshot.phase === 'success' && shown === 'success' && !snapshot.repeated && !snapshot.view?.unreadable
  useEffect(() => {
    if (!ends) return
    const timer = setTimeout(() => controller.dismiss(), SUCCESS_SHOWN_MS)
    return () => clearTimeout(timer)
  }, [ends, controller])

  const look = isAlreadySo(shown, model.error) ? 'success' : shown
  const [icon] = PHASE_LOOKS[look] ?? []
  return (
    <>
      {icon && <Icon name={icon} className={classNames?.icon} />}
      <span {...part('label', classNames?.label)}>{isDone || look === 'success' ? done : children}</span>
    </>
  )
}
