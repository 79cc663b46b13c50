import { type FaultPlan, TWILIO_MODES } from './faultPlan.js'

interface Props {
  twilio: FaultPlan['twilio']
  onChange: (twilio: FaultPlan['twilio']) => void
}

/** What Twilio does with the next SMS. */
export function TwilioFaults({ twilio, onChange }: Props) {
  return (
    <fieldset className="fault-group">
      <legend>Twilio</legend>
      {TWILIO_MODES.map(({ mode, label, effect }) => (
        <label key={mode} className="fault-choice">
          <input
            type="radio"
            name="twilio-mode"
            checked={twilio.mode === mode}
            onChange={() => onChange({ mode, ...(mode === 'error' ? { status: 503 } : {}) })}
          />
          <span>
            {label}
            <span className="soft small">{effect}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
