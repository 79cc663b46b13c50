import { bookingConfirm, leadUpdateStatus, smsSend } from '@org/contracts/client'
import { createSyncClient } from '@org/sync-core'
import { createFetchTransport } from '@org/sync-core/adapters/fetch'
import { openMemoryStorage } from '@org/sync-core/adapters/memory'

/** Of ten clicks: confirmations, changes of a lead's status, and SMS. */
const KINDS = ['confirm', 'status', 'confirm', 'status', 'sms', 'confirm', 'status', 'confirm', 'status', 'sms']

/**
 * A click as the person who made it knows it.
 * @typedef {object} Click
 * @property {string} key
 * @property {'confirm' | 'status' | 'sms'} kind
 * @property {string} row the appointment or lead
 * @property {number} at by the process's clock
 * @property {string} during the step it was made in
 * @property {string[]} attempts how each ended, and when
 * @property {number} tookMs until it was settled
 * @property {string | null} ending the phase it was settled in; null: not yet
 * @property {string | null} code why it failed
 * @property {string} [message] an SMS's text
 */

/** People who click all the time, each with a client of our own, as a browser would run it. */
export class People {
  /** @type {Click[]} */
  clicks = []
  /** The step that is under way. */
  during = ''
  #clients = []
  #byKey = new Map()
  #next = 0

  /**
   * @param {object} options
   * @param {string} options.url where they reach the API
   * @param {{ token: string }[]} options.who one client each
   * @param {typeof fetch} [options.fetch]
   */
  constructor({ url, who, fetch }) {
    this.#clients = who.map(({ token }) =>
      createSyncClient({
        apiUrl: url,
        getAccessToken: async () => token,
        transport: createFetchTransport({ apiUrl: url, ...(fetch && { fetch }) }),
        storage: openMemoryStorage(),
        connectivity: { isOnline: () => true, isVisible: () => true, subscribe: () => () => {} },
        locks: ownLocks(),
        tabChannel: () => ({ post: () => {}, subscribe: () => () => {}, close: () => {} }),
        tabMemory: undefined,
        onTelemetry: (event) => this.#heard(event),
        warn: () => {},
      }),
    )
  }

  /** How many they are. */
  get size() {
    return this.#clients.length
  }

  /** Until every client knows who it is. */
  async arrive() {
    for (const client of this.#clients) {
      while (client.getIdentity().state !== 'confirmed') await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  /** Clicks `perSecond` times a second until what is returned is called. */
  clickSteadily(perSecond) {
    const timer = setInterval(() => this.click(), 1_000 / perSecond)
    return () => clearInterval(timer)
  }

  /** One click, of the next kind, on a row that nobody clicked on yet. @returns {Click} */
  click(
    kind = KINDS[this.#next % KINDS.length],
    row = `${kind === 'confirm' ? 'apt' : 'lead'}-${this.#next}`,
    message = `rehearsal ${this.#next}`,
  ) {
    const number = this.#next++
    const client = this.#clients[number % this.#clients.length]
    const submitted =
      kind === 'confirm'
        ? client.submit(bookingConfirm, { appointmentId: row })
        : kind === 'status'
          ? client.submit(leadUpdateStatus, { leadId: row, status: 'contacted' })
          : client.submit(smsSend, { leadId: row, message })
    const click = {
      key: submitted.id,
      at: performance.now(),
      kind,
      row,
      during: this.during,
      attempts: [],
      tookMs: 0,
      ending: null,
      code: null,
    }
    if (kind === 'sms') click.message = message
    this.clicks.push(click)
    this.#byKey.set(click.key, click)
    void submitted.settled.then((view) => {
      click.tookMs = performance.now() - click.at
      if (!view.settled) return
      click.ending = view.phase
      click.code = view.error?.code ?? null
    })
    return click
  }

  /** Waits until every click is settled, or for `limitMs`. */
  async settle(limitMs) {
    const deadline = performance.now() + limitMs
    while (this.clicks.some(({ ending }) => ending === null) && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 50))
  }

  leave() {
    for (const client of this.#clients) client.destroy()
  }

  #heard(event) {
    if (event.type !== 'attempt') return
    const click = this.#byKey.get(event.mutationId)
    click?.attempts.push(
      `${event.outcome} ${event.status ?? ''} ${event.code ?? ''} after ${Math.round(event.durationMs)} ms, ${Math.round(performance.now() - click.at)} ms after the click`,
    )
  }
}

/**
 * One click of the first person's on a device of its own.
 * @param {{ nginx: { url: string }, who: { token: string }[] }} rehearsal
 * @param {{ kind: Click['kind'], row: string, fetch?: typeof fetch, message?: string, patienceMs?: number }} options `patienceMs`: how long its end is waited for
 * @returns {Promise<Click>}
 */
export async function clickAlone({ nginx, who }, { kind, row, fetch, message, patienceMs = 20_000 }) {
  const people = new People({ url: nginx.url, who: who.slice(0, 1), fetch })
  try {
    await people.arrive()
    const made = people.click(kind, row, message)
    await people.settle(patienceMs)
    return made
  } finally {
    people.leave()
  }
}

/** Web Locks of a browser with one tab. */
function ownLocks() {
  const last = new Map()
  return {
    available: true,
    request: (name, _options, run) => {
      const turn = (last.get(name) ?? Promise.resolve()).then(run)
      last.set(
        name,
        turn.catch(() => undefined),
      )
      return turn
    },
  }
}
