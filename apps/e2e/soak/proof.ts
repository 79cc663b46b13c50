import { type MutationStateAnswer, PATHS, type SyncChange, type SyncChangesPage } from '@org/contracts'

const ANA = 'user-456'

/** What one key did to rows. */
export interface Effect {
  key: string
  /** Who stands in the rows as the one who did it. */
  actor: string
  /** Each change of a row, by its name; a name twice means that it was done twice. */
  rows: string[]
}

/** What the server can prove at one moment. It only grows. */
export interface Proof {
  /** By key. */
  effects: ReadonlyMap<string, Effect>
  /** How often Twilio accepted each text. */
  accepted: ReadonlyMap<string, number>
  /** Keys that were asked after and that the ledger holds a success of. */
  succeeded: ReadonlySet<string>
}

/** Reads the server's proof past client, pages and bad network: its change log, and what Twilio accepted. */
export class ProofReader {
  readonly #effects = new Map<string, Effect>()
  readonly #succeeded = new Set<string>()
  readonly #seen = new Set<string>()
  #cursor: string | null = null

  constructor(readonly url: string) {}

  /** @param asked keys to look up in the ledger, each with who clicked */
  async read(asked: readonly { id: string; actor: string }[] = []): Promise<Proof> {
    const token = await this.#token('ana')
    for (const { id, actor } of asked) await this.#lookUp(id, actor === ANA ? token : await this.#token('ben'))
    for (let more = true; more; ) {
      const since = this.#cursor === null ? '' : `?since=${encodeURIComponent(this.#cursor)}`
      const page = await this.#get<SyncChangesPage>(PATHS.syncChanges + since, token)
      for (const change of page.changes) this.#note(change)
      this.#cursor = page.next
      more = page.hasMore
    }
    return { effects: structuredClone(this.#effects), accepted: await this.#accepted(), succeeded: new Set(this.#succeeded) }
  }

  /** Rows as the server has them now. */
  async versions(): Promise<Map<string, number>> {
    const { leads } = await this.#get<{ leads: { id: string; version: number }[] }>(`${PATHS.leads}?limit=200`, await this.#token('ana'))
    return new Map(leads.map(({ id, version }) => [id, version]))
  }

  #note({ table, new: row, version }: SyncChange): void {
    const key = row?.last_mutation_key
    if (row === null || typeof key !== 'string') return
    // An SMS is one effect however often its row learns where it stands.
    const name = table === 'sms_messages' ? `${table}/${row.id}` : `${table}/${row.id} ${version}`
    if (this.#seen.has(`${key} ${name}`)) return
    this.#seen.add(`${key} ${name}`)
    const effect = this.#effects.get(key) ?? { key, actor: String(row.updated_by), rows: [] }
    this.#effects.set(key, effect)
    effect.rows.push(table === 'sms_messages' ? table : `${table}/${row.id}`)
  }

  async #accepted(): Promise<Map<string, number>> {
    const { messages } = await this.#get<{ messages: { body: string }[] }>('/_stand-ins/twilio/messages')
    const counts = new Map<string, number>()
    for (const { body } of messages) counts.set(body, (counts.get(body) ?? 0) + 1)
    return counts
  }

  async #lookUp(key: string, token: string): Promise<void> {
    const response = await fetch(this.url + PATHS.mutation(key), { headers: { authorization: `Bearer ${token}` } })
    // 404: the ledger does not know it.
    const { state, status = 0 } = response.ok ? ((await response.json()) as MutationStateAnswer) : { state: 'unknown' }
    if (state === 'recorded' && status < 300) this.#succeeded.add(key)
  }

  async #token(user: 'ana' | 'ben'): Promise<string> {
    const init = { method: 'POST', body: JSON.stringify({ user }), headers: { 'content-type': 'application/json' } }
    const response = await fetch(`${this.url}/_stand-ins/token`, init)
    return ((await response.json()) as { access_token: string }).access_token
  }

  async #get<Body>(path: string, token?: string): Promise<Body> {
    const response = await fetch(this.url + path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as Body
  }
}
