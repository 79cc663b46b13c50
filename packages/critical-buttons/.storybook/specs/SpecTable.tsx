import { useState } from 'react'
import { asText, type SpecRow } from './measure.js'

/** A table of specs, to be read and to be copied whole. */
export function SpecTable({ title, head, rows }: { title: string; head: readonly string[]; rows: readonly SpecRow[] }) {
  const [copied, setCopied] = useState(false)
  const copy = () =>
    navigator.clipboard.writeText(asText(head, rows)).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  return (
    <section className="specs-section" data-specs={title}>
      <header>
        <h2>{title}</h2>
        <button type="button" className="specs-copy" onClick={() => void copy()}>
          {copied ? 'Copied' : `Copy ${title.toLowerCase()}`}
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="specs-scroll" tabIndex={0} aria-label={title}>
        <table>
          <thead>
            <tr>
              {head.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells) => (
              <tr key={cells.join()}>
                {cells.map((cell, column) => (
                  <td key={head[column]}>
                    {cell.startsWith('#') && <span className="specs-swatch" style={{ background: cell.slice(0, 7) }} />}
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}
