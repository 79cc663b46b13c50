import type { ReactNode } from 'react'

export interface InspectorTableProps {
  title: string
  columns: readonly string[]
  /** Shown instead of an empty table. */
  empty: string
  rows: readonly { key: string; cells: readonly ReactNode[] }[]
}

/** One section of the inspector. Scrolls sideways by itself, so that the page does not. */
export function InspectorTable({ title, columns, empty, rows }: InspectorTableProps) {
  return (
    <div className="cb-inspector-section">
      <h3 className="cb-inspector-title">{title}</h3>
      {rows.length === 0 ? (
        <p className="cb-inspector-empty">{empty}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className="cb-inspector-scroll" tabIndex={0} aria-label={title}>
          <table className="cb-inspector-table">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, cells }) => (
                <tr key={key}>
                  {cells.map((cell, index) => (
                    <td key={columns[index]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  )
}
