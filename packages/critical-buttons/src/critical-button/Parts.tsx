'use client'
import { useEffect } from 'react'
import type { ButtonModel } from './ButtonModel.js'
import { CompactStatus } from './CompactStatus.js'
import { ConfirmStep } from './ConfirmStep.js'
import type { ButtonParts } from './CriticalButtonState.js'
import { callHost } from './callHost.js'
import { ProgressBar } from './ProgressBar.js'
import { StatusLine } from './StatusLine.js'
import { useAnnouncements } from './useAnnouncements.js'
import { useLineInput } from './useLineInput.js'

/**
 * What belongs to a button besides itself: what is announced, where things stand in words, how far they have come, and
 * the question before. Whatever ticks lives in here. Renders nothing at rest.
 */
export function Parts({ of }: { of: ButtonParts | null }) {
  return of && <LiveParts model={of as unknown as ButtonModel} />
}

function LiveParts({ model }: { model: ButtonModel }) {
  const { snapshot, options, trigger, announce } = model
  const input = useLineInput(model)
  useAnnouncements(input, announce, trigger)
  useAlreadyDone(model)
  const hasMutation = snapshot.view !== undefined || snapshot.refusal !== undefined
  const isCompact = options.status === 'compact'
  const Status = isCompact ? CompactStatus : StatusLine
  return (
    <>
      {hasMutation && model.progress && !isCompact && <ProgressBar model={model} />}
      <Status model={model} input={input} />
      <ConfirmStep model={model} input={input} />
    </>
  )
}

// A click under way tells its own ending; and one that is seen to have worked is waited for, as it may be told yet.
function useAlreadyDone({ onAlreadyDone, controller, snapshot: { view } }: ButtonModel): void {
  const isDue = onAlreadyDone !== undefined && !(view && (!view.settled || view.phase === 'success'))
  useEffect(() => {
    if (!isDue || controller.isDoneTold) return
    controller.isDoneTold = true
    callHost(onAlreadyDone)
  }, [isDue, onAlreadyDone, controller])
}
