import { aLead, anAppointment } from '@org/contracts/testing'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useEffect, useLayoutEffect } from 'react'
import { expect, waitFor } from 'storybook/test'
import { CriticalButtonsProvider } from '../../src/provider/CriticalButtonsProvider.js'
import type { FakeSyncClient } from '../../src/testing/createFakeSyncClient.js'
import { createStageClient, playSuccesses } from '../stage/createStageClient.js'
import { Confirming } from './Confirming.js'
import { COLUMNS, type Column, ROWS, type Row, reasonWhyNot, stagedClicks } from './matrixColumns.js'
import { INTERACTIONS, type Interaction, showInteractions } from './showInteraction.js'
import './statesMatrix.css'

const NAMES = ['Anna Kim', 'Marco Ruiz', 'Grace Obi']
const leadIds = (row: Row) => ['', '-p', '-1', '-2', '-3'].map((end) => `lead-${row}${end}`)

const meta: Meta = { title: 'Overview/States matrix' }
export default meta

export const AllStates: StoryObj = {
  loaders: [async () => ({ pages: new Map(await Promise.all(ROWS.map(async (row) => [row, await openRow(row)] as const))) })],
  render: (_, { loaded: { pages } }) => <Matrix pages={pages as Pages} />,
  play: async ({ canvasElement }) => {
    const button = (name: string) => canvasElement.querySelector<HTMLElement>(`[data-cell="${name}"] [data-part="button"]`)
    for (const { id, component } of COLUMNS)
      for (const row of ROWS) {
        const why = reasonWhyNot(component, row)
        if (why !== undefined) await expect(canvasElement.querySelector(`[data-cell="${id} ${row}"]`)).toHaveTextContent(/^–$/)
        else await waitFor(() => expect([id, row, button(`${id} ${row}`)?.dataset.state]).toEqual([id, row, stateIn(row)]))
      }
    await expect(button('status success')).toHaveAttribute('data-status', 'qualified')
    for (const { id } of COLUMNS) await expectInteractions(id, button)
    // A narrow window scrolls the table, not the page.
    await expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(window.innerWidth)
  },
}

/** Each row is a page of its own: what happens around a button in one state is not what happens around another. */
type Pages = ReadonlyMap<Row, FakeSyncClient>

function openRow(row: Row): Promise<FakeSyncClient> {
  const leads = leadIds(row).map((id, index) => aLead({ id, name: NAMES[index % NAMES.length] ?? 'Anna Kim', status: 'contacted' }))
  const appointments = [anAppointment({ id: `apt-${row}` }), anAppointment({ id: `own-${row}` })]
  return createStageClient({ rows: { appointments, leads }, clicks: stagedClicks(row) }, false)
}

function Matrix({ pages }: { pages: Pages }) {
  useLayoutEffect(showInteractions, [])
  useEffect(() => {
    for (const [row, client] of pages) playSuccesses(client, stagedClicks(row))
  }, [pages])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="matrix-frame" tabIndex={0} aria-label="States matrix">
      <table className="matrix">
        <caption>Every button in every state it can be in</caption>
        <thead>
          <tr>
            <th scope="col">State</th>
            {COLUMNS.map(({ id, component, title = component }) => (
              <th key={id} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ROWS.map((row) => (
            <tr key={row} data-show={isInteraction(row) ? row : undefined}>
              <th scope="row">{row}</th>
              <CriticalButtonsProvider client={pages.get(row) as FakeSyncClient}>
                {COLUMNS.map((column) => (
                  <td key={column.id} data-cell={`${column.id} ${row}`}>
                    <Cell column={column} row={row} />
                  </td>
                ))}
              </CriticalButtonsProvider>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Cell({ column: { component, show }, row }: { column: Column; row: Row }) {
  const why = reasonWhyNot(component, row)
  if (why !== undefined) return <span title={why}>–</span>
  return row === 'confirming' ? <Confirming>{show(row)}</Confirming> : show(row)
}

function isInteraction(row: Row): row is Interaction {
  return (INTERACTIONS as readonly Row[]).includes(row)
}

function stateIn(row: Row): string {
  return isInteraction(row) || row === 'disabled' ? 'idle' : row
}

/** A picture of what the hand does must differ from rest, or it shows nothing. */
async function expectInteractions(id: string, button: (name: string) => HTMLElement | null): Promise<void> {
  const look = (row: Row) => {
    const { background, borderColor, filter, outlineStyle } = getComputedStyle(button(`${id} ${row}`) as HTMLElement)
    return [background, borderColor, filter, outlineStyle].join()
  }
  for (const row of INTERACTIONS) await expect([id, row, look(row) === look('idle')]).toEqual([id, row, false])
}
