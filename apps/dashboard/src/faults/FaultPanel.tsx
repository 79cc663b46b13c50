import { useId, useRef } from 'react'
import { Icon } from '../icons/Icon.js'
import { activeFaults } from './faultPlan.js'
import { RealtimeFaults } from './RealtimeFaults.js'
import { TwilioFaults } from './TwilioFaults.js'
import { useFaults } from './useFaults.js'
import './faults.css'

/** A button and its panel that make the outside services fail, so that one can watch what the buttons do. */
export function FaultPanel() {
  const faults = useFaults()
  const panel = useRef<HTMLDivElement>(null)
  const id = useId()
  const count = activeFaults(faults.plan)
  return (
    <>
      <button type="button" className="plain-button fault-button" data-active={count > 0 || undefined} popoverTarget={id}>
        <Icon name="bolt" />
        <span className="fault-button-text">{count === 0 ? 'Break something' : `${count} ${count === 1 ? 'fault' : 'faults'} on`}</span>
      </button>
      <div id={id} ref={panel} popover="auto" className="fault-panel" role="dialog" aria-label="Break something">
        <header>
          <h2>Break something</h2>
          <button type="button" className="plain-button" data-quiet data-icon-only onClick={() => panel.current?.hidePopover()}>
            <Icon name="close" />
            <span className="unseen">Close</span>
          </button>
        </header>
        <p className="soft small">These faults happen in the stand-ins for Twilio and Supabase. The buttons must stay honest.</p>
        <TwilioFaults twilio={faults.plan.twilio} onChange={(twilio) => faults.change({ twilio })} />
        <RealtimeFaults realtime={faults.plan.realtime} onChange={(realtime) => faults.change({ realtime })} />
        <footer>
          <button type="button" className="plain-button" onClick={faults.clear}>
            Make everything work again
          </button>
        </footer>
        {faults.trouble !== null && (
          <p className="badge" data-tone="bad" role="alert">
            {faults.trouble}
          </p>
        )}
      </div>
    </>
  )
}
