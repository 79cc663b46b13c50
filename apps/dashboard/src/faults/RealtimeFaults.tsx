import type { FaultPlan } from './faultPlan.js'

interface Props {
  realtime: FaultPlan['realtime']
  onChange: (realtime: FaultPlan['realtime']) => void
}

const SLOW_MS = 3_000

/** What happens to changes on their way to this page. */
export function RealtimeFaults({ realtime, onChange }: Props) {
  const { dropRate = 0, delayMs = 0, silent = false } = realtime
  const kept = { dropRate, delayMs, silent }
  return (
    <fieldset className="fault-group">
      <legend>Realtime</legend>
      <label className="fault-choice">
        <input
          type="checkbox"
          checked={dropRate > 0}
          onChange={({ target }) => onChange({ ...kept, dropRate: target.checked ? 0.5 : 0 })}
        />
        <span>
          Lose half of the events<span className="soft small">Catch-up by cursor repairs the gaps.</span>
        </span>
      </label>
      <label className="fault-choice">
        <input
          type="checkbox"
          checked={delayMs > 0}
          onChange={({ target }) => onChange({ ...kept, delayMs: target.checked ? SLOW_MS : 0 })}
        />
        <span>
          Deliver three seconds late<span className="soft small">Answers then arrive before their events.</span>
        </span>
      </label>
      <label className="fault-choice">
        <input type="checkbox" checked={silent} onChange={({ target }) => onChange({ ...kept, silent: target.checked })} />
        <span>
          Go silent<span className="soft small">The line stays open, but nothing comes.</span>
        </span>
      </label>
      <button type="button" className="plain-button" onClick={() => onChange({ ...kept, disconnect: true })}>
        Cut the line once
      </button>
    </fieldset>
  )
}
