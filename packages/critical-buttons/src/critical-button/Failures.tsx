'use client'
import type { ButtonModel } from './ButtonModel.js'

const SHOWN = 3

/** Which rows of a bulk action failed, and why. */
export function Failures({ model }: { model: ButtonModel }) {
  const { failures = [], messages } = model
  if (failures.length === 0) return null
  const rest = failures.length - SHOWN
  return (
    <ul className="cb-failures" data-part="failures">
      {failures.slice(0, SHOWN).map(({ id, name, reason }) => (
        <li key={id}>
          {name}: {reason}
        </li>
      ))}
      {rest > 0 && <li>{messages.more(rest)}</li>}
    </ul>
  )
}
