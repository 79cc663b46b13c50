import type { LeadRow } from '@org/contracts'
import { CriticalButtonsProvider, LeadStatusButton } from '@org/critical-buttons'
import { createSyncHarness } from '@org/sync-core/testing'
import { QueryClient, QueryClientProvider, useMutation } from '@tanstack/react-query'
import { atom, createStore, Provider, useAtomValue } from 'jotai'
import { type ReactNode, useSyncExternalStore } from 'react'
import { PlainChip } from './PlainChip.js'

/** One way of showing many rows that change one by one. */
export interface Contestant {
  name: string
  /** Shows all rows. */
  content: ReactNode
  /** One row has a new version. */
  change: (row: LeadRow) => void
  close: () => void
}

/** Counts renderings of rows, where a contestant renders its own. */
export const renders = { count: 0 }

export async function criticalButtons(leads: readonly LeadRow[]): Promise<Contestant> {
  const harness = await createSyncHarness({ rows: {} })
  harness.client.ingest('leads', leads)
  return {
    name: 'LeadStatusButton',
    content: (
      <CriticalButtonsProvider client={harness.client}>
        {leads.map(({ id }) => (
          <LeadStatusButton key={id} leadId={id} currentStatus="new" />
        ))}
      </CriticalButtonsProvider>
    ),
    change: (row) => harness.client.ingest('leads', [row]),
    close: () => harness.close(),
  }
}

export function jotaiAtoms(leads: readonly LeadRow[]): Contestant {
  const store = createStore()
  const atoms = new Map(leads.map((lead) => [lead.id, atom(lead)]))
  function Row({ id }: { id: string }) {
    renders.count += 1
    return <PlainChip status={useAtomValue(atoms.get(id)!).status} />
  }
  return {
    name: 'jotai, an atom per row',
    content: (
      <Provider store={store}>
        {leads.map(({ id }) => (
          <Row key={id} id={id} />
        ))}
      </Provider>
    ),
    change: (row) => store.set(atoms.get(row.id)!, row),
    close: () => {},
  }
}

export function keyedStore(leads: readonly LeadRow[]): Contestant {
  const rows = new Map(leads.map((lead) => [lead.id, lead]))
  const listeners = new Map<string, Set<() => void>>(leads.map(({ id }) => [id, new Set()]))
  const subscribers = new Map(
    leads.map(({ id }) => [
      id,
      (listener: () => void) => {
        listeners.get(id)!.add(listener)
        return () => listeners.get(id)!.delete(listener)
      },
    ]),
  )
  function Row({ id }: { id: string }) {
    renders.count += 1
    return <PlainChip status={useSyncExternalStore(subscribers.get(id)!, () => rows.get(id)!).status} />
  }
  return {
    name: 'useSyncExternalStore per key',
    content: leads.map(({ id }) => <Row key={id} id={id} />),
    change: (row) => {
      rows.set(row.id, row)
      for (const listener of listeners.get(row.id)!) listener()
    },
    close: () => {},
  }
}

/** For mounting only: what a team without us would have, a plain button and one mutation each. */
export function queryMutations(leads: readonly LeadRow[]): Contestant {
  const client = new QueryClient()
  function Row({ status }: { status: string }) {
    const { mutate, status: state } = useMutation({ mutationFn: async () => null })
    return (
      <button type="button" data-state={state} onClick={() => mutate()}>
        {status}
      </button>
    )
  }
  return {
    name: 'plain button with useMutation',
    content: (
      <QueryClientProvider client={client}>
        {leads.map(({ id, status }) => (
          <Row key={id} status={status} />
        ))}
      </QueryClientProvider>
    ),
    change: () => {},
    close: () => client.clear(),
  }
}
