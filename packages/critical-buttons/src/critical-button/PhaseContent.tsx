'use client'
import { type ReactNode, useEffect } from 'react'
import { ButtonIcon } from './ButtonIcon.js'
import type { ButtonModel } from './ButtonModel.js'
import type { ButtonClassNames } from './buttonProps.js'
import { joinClassNames } from './classNames.js'
import { TIMING } from './timing.js'
import { useAnnouncements } from './useAnnouncements.js'
import { useShownPhase } from './useShownPhase.js'
import { useStatusInput } from './useStatusInput.js'

export interface PhaseContentProps {
  model: ButtonModel
  /** The label at rest; it stays while pending, so that the accessible name is stable. */
  children: ReactNode
  /** The label once it is done. */
  done: ReactNode
  classNames?: ButtonClassNames | undefined
  /** Keeps showing success instead of returning to rest. */
  keepSuccess?: boolean | undefined
}

/** What a button holds while there is a mutation: icon, label, and what is said about it. */
export function PhaseContent({ model, children, done, classNames, keepSuccess }: PhaseContentProps) {
  const { controller, snapshot } = model
  const shown = useShownPhase(snapshot.phase)
  useAnnouncements(model, useStatusInput(model))

  const ends = snapshot.phase === 'success' && shown === 'success' && !snapshot.repeated
  useEffect(() => {
    if (!ends) return
    const timer = setTimeout(controller.dismiss, TIMING.successShownMs)
    return () => clearTimeout(timer)
  }, [ends, controller])

  return (
    <>
      <ButtonIcon phase={shown} className={classNames?.icon} />
      <span className={joinClassNames('cb-label', classNames?.label)} data-part="label">
        {shown === 'success' || keepSuccess ? done : children}
      </span>
    </>
  )
}
