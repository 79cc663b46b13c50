import { type RefObject, useEffect, useReducer } from 'react'

const EVERY_MS = 250

export interface CountersProps {
  total: RefObject<{ events: number; renders: number }>
  count: number
  onChange: () => void
}

/** Shows the counts at its own rhythm, so that looking costs the rows nothing. */
export function Counters({ total, count, onChange }: CountersProps) {
  const [, look] = useReducer((turn: number) => turn + 1, 0)
  useEffect(() => {
    const timer = setInterval(look, EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  const { events, renders } = total.current
  const facts = [
    ['Rows', count],
    ['Events', events],
    ['Rows rendered', renders],
    ['Rendered per event', events === 0 ? '–' : (renders / events).toFixed(2)],
  ]
  return (
    <div className="stress-head">
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd data-fact={name}>{value}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={onChange}>
        Change one row
      </button>
    </div>
  )
}
