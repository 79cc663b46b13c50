import { afterEach, describe, expect, it } from '@jest/globals'
import { aLead } from '@org/contracts/testing'
import { act, screen } from '@testing-library/react'
import { useLayoutEffect, useState } from 'react'
import { closePages, openPage } from '../../test/harness.js'
import { useRow } from './useRow.js'
import { useSyncClient } from './useSyncClient.js'

afterEach(closePages)

const renderings: string[] = []

function Lead({ id, changed }: { id: string; changed?: { status: 'won'; version: number } }) {
  renderings.push(id)
  const client = useSyncClient()
  const status = useRow(client, 'leads', id)?.row.status
  // Layout effects run between rendering and subscribing.
  useLayoutEffect(() => {
    if (changed) client.ingest('leads', [aLead({ id, ...changed })])
  }, [client, id, changed])
  return <p>{`${id} ${status}`}</p>
}

function Chosen() {
  const [id, choose] = useState('lead-1')
  return (
    <button type="button" onClick={() => choose('lead-2')}>
      <Lead id={id} />
    </button>
  )
}

const rows = { leads: [aLead({ id: 'lead-1', version: 1 }), aLead({ id: 'lead-2', version: 1 })] }

async function openLeads() {
  const page = await openPage(
    <>
      <Lead id="lead-1" />
      <Lead id="lead-2" />
    </>,
    { rows },
  )
  await page.rest()
  renderings.length = 0
  return page
}

describe('useRow', () => {
  it('renders only the row that changed, once', async () => {
    const page = await openLeads()
    act(() => page.sync.client.ingest('leads', [aLead({ id: 'lead-2', version: 2, status: 'qualified' })]))
    expect(screen.getByText('lead-2 qualified')).toBeVisible()
    expect(renderings).toEqual(['lead-2'])
  })

  it('renders nothing for a version it has seen already', async () => {
    const page = await openLeads()
    act(() => page.sync.client.ingest('leads', [aLead({ id: 'lead-2', version: 1, status: 'qualified' })]))
    expect(renderings).toEqual([])
  })

  it('shows a change that came between rendering and subscribing', async () => {
    await openPage(<Lead id="lead-1" changed={{ status: 'won', version: 2 }} />, { rows })
    expect(screen.getByText('lead-1 won')).toBeVisible()
  })

  it('follows another row when it is given another id', async () => {
    const page = await openPage(<Chosen />, { rows })
    act(() => screen.getByRole('button').click())
    expect(screen.getByText('lead-2 new')).toBeVisible()
    act(() => page.sync.client.ingest('leads', [aLead({ id: 'lead-2', version: 2, status: 'qualified' })]))
    expect(screen.getByText('lead-2 qualified')).toBeVisible()
  })
})
