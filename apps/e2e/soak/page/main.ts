import { bookingConfirm, type LeadStatus, leadBulkUpdateStatus, leadUpdateStatus, smsSend } from '@org/contracts'
import { createSyncClient, type SyncClient, type TelemetryEvent } from '@org/sync-core'
import { storageTrouble } from './storageTrouble.js'

/** A click that the client took. */
export interface Clicked {
  type: 'clicked'
  id: string
  kind: Wish['kind']
  /** Who was shown as signed in. */
  actor: string
  text: string | null
}

/** A tab saw how a click ended, its own or another tab's. */
export interface Ended {
  type: 'ended'
  id: string
  phase: string
}

declare global {
  /** Carries an event to the driver, past the death of this tab. */
  function soakTold(event: TelemetryEvent | Clicked | Ended): void
}

/** Who the page shows as signed in; null: nobody yet. */
function actor(): string | null {
  const identity = client.getIdentity()
  return identity.state === 'remembered' || identity.state === 'confirmed' ? identity.actor : null
}

/** What the driver may click. */
export type Wish =
  | { kind: 'booking'; appointmentId: string }
  | { kind: 'sms'; leadId: string; text: string }
  | { kind: 'status'; leadId: string; status: LeadStatus }
  | { kind: 'bulk'; leadIds: string[]; status: LeadStatus }

function submit(wish: Wish): string {
  switch (wish.kind) {
    case 'booking':
      return client.submit(bookingConfirm, { appointmentId: wish.appointmentId }).id
    case 'sms':
      return client.submit(smsSend, { leadId: wish.leadId, message: wish.text }).id
    case 'status':
      return client.submit(leadUpdateStatus, { leadId: wish.leadId, status: wish.status }).id
    case 'bulk':
      return client.submit(leadBulkUpdateStatus, { leadIds: wish.leadIds, status: wish.status }).id
    default:
      return wish satisfies never
  }
}

async function signIn(user: string): Promise<void> {
  const init = { method: 'POST', body: JSON.stringify({ user }), headers: { 'content-type': 'application/json' } }
  await fetch('/_stand-ins/token', init)
}

const storage = storageTrouble()
const client: SyncClient = createSyncClient({ onTelemetry: (event) => globalThis.soakTold(event) })
// A watched table brings the rows, as a dashboard does.
client.realtime.subscribe('leads', () => {})

// A person sees an ending at once; who only looks now and then would miss one that a sign-out takes away.
const unfinished = new Set<string>()
client.subscribeQueue(() => {
  const queued = new Set(client.getQueue().map(({ id }) => id))
  for (const id of unfinished) {
    const view = queued.has(id) ? undefined : client.getMutation(id)
    if (view?.settled) globalThis.soakTold({ type: 'ended', id, phase: view.phase })
    if (!queued.has(id)) unfinished.delete(id)
  }
  for (const id of queued) unfinished.add(id)
})

const soak = {
  client,
  storage,
  actor,
  /** Clicks, unless nobody is shown as signed in. The driver is told what was taken. */
  click(wish: Wish): void {
    const shown = actor()
    if (shown === null) return
    try {
      globalThis.soakTold({
        type: 'clicked',
        id: submit(wish),
        kind: wish.kind,
        actor: shown,
        text: wish.kind === 'sms' ? wish.text : null,
      })
    } catch {
      // Not signed in any more, or the queue is full: the person was told at once, and nothing was taken.
    }
  },
  labels(ids: readonly string[]): { id: string; phase: string; code: string | null }[] {
    return ids.flatMap((id) => {
      const view = client.getMutation(id)
      return view === undefined ? [] : [{ id: view.id, phase: view.phase, code: view.error?.code ?? null }]
    })
  },
  /** Keys that are unfinished or wait for a person. */
  queued: () => client.getQueue().map(({ id, state }) => ({ id, state })),
  durability: () => client.getConnectivity().durability,
  versions: () =>
    client.getRows('leads').map(({ row, base, pendingIds }) => ({ id: row.id, version: base?.version ?? 0, pending: pendingIds.length })),
  async switchTo(user: string, how: 'told' | 'silent'): Promise<void> {
    if (how === 'told') await client.signOut({ mode: 'keep' })
    await signIn(user)
    if (how === 'told') await client.refreshIdentity()
  },
  refresh: async () => void (await client.refreshIdentity()),
}

export type SoakPage = typeof soak
Object.assign(globalThis, { soak })
