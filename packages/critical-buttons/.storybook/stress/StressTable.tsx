import type { LeadRow, LeadStatus } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import { memo, useEffect, useMemo, useRef, useState } from 'react'
import { LeadStatusButton, VALID_STATUSES } from '../../src/index.js'
import { CriticalButtonsProvider } from '../../src/provider/CriticalButtonsProvider.js'
import { createFakeSyncClient, type FakeSyncClient } from '../../src/testing/createFakeSyncClient.js'
import { Counters } from './Counters.js'
import { countRenders } from './countRenders.js'
import './stress.css'

const NAMES = ['Anna Kim', 'Marco Ruiz', 'Grace Obi', 'Priya Nair', 'Tom Berg']
// `won` is final, so it would end the game.
const STATUSES: readonly LeadStatus[] = VALID_STATUSES.map(({ value }) => value).filter((value) => value !== 'won')

export interface StressTableProps {
  /** Rows, each with a button. */
  count: number
  /** Changes by other people, each of one row. */
  eventsPerSecond: number
}

/** Many rows that look at one client, and a count of how many of them React renders. */
export function StressTable({ count, eventsPerSecond }: StressTableProps) {
  const leads = useMemo(() => Array.from({ length: count }, (_, index) => leadAt(index)), [count])
  const client = usePage(leads)
  const total = useRef({ events: 0, renders: 0 })
  const classNames = useMemo(() => countRenders(() => total.current.renders++), [])
  const [isReady, setReady] = useState(false)

  // What the first rendering costs is not what an event costs.
  useEffect(() => {
    setReady(false)
    void client?.settle().then(() => {
      total.current = { events: 0, renders: 0 }
      setReady(true)
    })
  }, [client])

  const change = useMemo(() => {
    return () => {
      if (client === undefined) return
      changeOne(client, leads, total.current.events)
      total.current.events += 1
    }
  }, [client, leads])
  useEffect(() => {
    if (eventsPerSecond <= 0) return
    const timer = setInterval(change, 1_000 / eventsPerSecond)
    return () => clearInterval(timer)
  }, [change, eventsPerSecond])

  return (
    <div className="stress" data-ready={isReady || undefined}>
      <Counters total={total} count={count} onChange={change} />
      {client && (
        <CriticalButtonsProvider client={client}>
          <ul className="stress-rows" aria-label="Leads">
            {leads.map(({ id, name, status }) => (
              <Row key={id} id={id} name={name} status={status} classNames={classNames} />
            ))}
          </ul>
        </CriticalButtonsProvider>
      )}
    </div>
  )
}

function usePage(leads: readonly LeadRow[]): FakeSyncClient | undefined {
  const [client, setClient] = useState<FakeSyncClient>()
  useEffect(() => {
    let isGone = false
    void createFakeSyncClient({ rows: { leads } }).then((opened) => isGone || setClient(opened))
    return () => {
      isGone = true
    }
  }, [leads])
  return client
}

interface RowProps {
  id: string
  name: string
  status: LeadStatus
  classNames: ReturnType<typeof countRenders>
}

const Row = memo(function Row({ id, name, status, classNames }: RowProps) {
  return (
    <li>
      <span>{name}</span> <LeadStatusButton leadId={id} currentStatus={status} classNames={classNames} announce={false} />
    </li>
  )
})

function leadAt(index: number): LeadRow {
  const name = `${NAMES[index % NAMES.length]} ${index + 1}`
  return aLead({ id: `lead-${index + 1}`, name, status: STATUSES[index % STATUSES.length] ?? 'new' })
}

/** A change by someone else, of another row each time, spread over the whole table. */
function changeOne(client: FakeSyncClient, leads: readonly LeadRow[], turn: number): void {
  const { id = '' } = leads[(turn * 617) % leads.length] ?? {}
  const row = client.getRow('leads', id)?.base as LeadRow | undefined
  if (row === undefined) return
  const next = STATUSES[(STATUSES.indexOf(row.status) + 1) % STATUSES.length] ?? 'new'
  void client.commit('leads', { ...row, version: row.version + 1, status: next, updated_by: 'ben' } as LeadRow)
}
