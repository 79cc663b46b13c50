import { bookingConfirm, HEADERS } from '@org/contracts'
import { anAppointment } from '@org/contracts/testing'
import { createSyncHarness } from '@org/sync-core/testing'

const USER = { actor: 'user-456', tenant: 'org-1' }
const CONFIRMED = anAppointment({ version: 2, status: 'confirmed' })

/** A server that answers at once and echoes the key. What it does is no part of the way. */
const echo = {
  send: async ({ path, headers }) => {
    const key = headers[HEADERS.idempotencyKey] ?? null
    const json = path.startsWith('/api/session') ? USER : { success: true, appointment: CONFIRMED }
    return { kind: 'answer', status: 200, header: (name) => (name === HEADERS.idempotencyKey ? key : null), json }
  },
}

async function signedIn() {
  const harness = await createSyncHarness({ user: USER, adapters: { transport: echo } })
  harness.client.ingest('appointments', [anAppointment()])
  return harness
}

/** The click without a button: `submit` of the client, until it is settled and the queue is empty. */
export async function throughClient() {
  const harness = await signedIn()
  return {
    async click() {
      const { settled } = harness.client.submit(bookingConfirm, { appointmentId: 'apt-123' })
      const { phase } = await settled
      await harness.settle()
      if (phase !== 'success' || harness.client.getQueue().length > 0) throw new Error(`The click ended as ${phase}.`)
    },
    close: () => harness.close(),
  }
}

/** The whole way: a press on a BookingConfirmButton in a page, until it shows success. */
export async function throughButton() {
  const { becomePage } = await import('./pageGlobals.mjs')
  const window = becomePage()
  const { createElement } = await import('react')
  const { createRoot } = await import('react-dom/client')
  const { BookingConfirmButton, CriticalButtonsProvider } = await import('@org/critical-buttons')
  const harness = await signedIn()
  const root = createRoot(window.document.querySelector('main'))
  const button = createElement(BookingConfirmButton, { appointmentId: 'apt-123' })
  root.render(createElement(CriticalButtonsProvider, { client: harness.client }, button))
  await atRest(harness)
  return {
    async click() {
      window.document.querySelector('button').click()
      await atRest(harness)
      const { state } = window.document.querySelector('button').dataset
      if (state !== 'success' || harness.client.getQueue().length > 0) throw new Error(`The button shows ${state} after its click.`)
    },
    close: () => {
      root.unmount()
      harness.close()
      window.close()
    },
  }
}

// React works in tasks of its own between the client's, and a button waits by the real clock before it speaks.
async function atRest(harness) {
  for (let turn = 0; turn < 20; turn++) {
    await harness.settle()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
