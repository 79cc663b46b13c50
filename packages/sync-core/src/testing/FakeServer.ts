import { ACTIONS, type AnyAction, type BaseRow, type ErrorCode, HEADERS, PATHS, type SyncChange } from '@org/contracts/client'
import { ERROR_CODES, errorBody } from '@org/contracts/testing'
import { copyOf } from '../adapters/copyOf.js'
import type { User } from '../identity/scopeName.js'
import type { Transport, TransportAnswer, TransportRequest } from '../ports/Transport.js'
import { bookingConfirmed, leadsUpdated, type Rows, smsSent } from './fakeActions.js'

/** What a test may answer with. Headers are added to the echo of the key. */
export interface FakeAnswer {
  status: number
  body?: unknown
  headers?: Readonly<Record<string, string>>
  /** False: as a proxy or captive portal that has never heard of the key. @default true */
  echo?: boolean
}

export type FakeFault = 'network' | 'timeout' | 'lost-response'

/** One request as the server saw it. */
export interface SeenRequest extends TransportRequest {
  key: string | null
}

type Handler = (request: unknown, context: { rows: Rows; user: User; key: string; now: string }) => { status: number; body: unknown }

interface Recorded {
  fingerprint: string
  status: number
  text: string
}

/**
 * A small API in memory that keeps the real one's promises: a key takes effect once and gets the same
 * bytes again, answers echo it, rows grow by version, and every change is in a log.
 */
export class FakeServer {
  /** False: a gateway takes the key's echo out of every answer. */
  echoes = true
  /** True: it knows nothing of `/api/mutations`, as an API of another make. */
  hidesLedger = false
  user: User | null
  /** Whose an access token is. Once there is one, a token decides instead of `user`, and an unknown one is refused. */
  readonly tokens = new Map<string, User>()
  /** Requests in the order they arrived. */
  readonly requests: SeenRequest[] = []
  /** Keys that took effect, in order. A key twice would be a double effect. */
  readonly effects: string[] = []
  /** Who did them. */
  readonly doers = new Map<string, string>()
  readonly rows: Rows = new Map()
  readonly #ledger = new Map<string, Recorded>()
  readonly #log: SyncChange[] = []
  readonly #handlers = new Map<string, { actions: AnyAction[]; handle: Handler }>()
  #plan: (FakeAnswer | FakeFault)[] = []
  readonly #byKey = new Map<string, FakeAnswer | FakeFault>()
  #gate: Promise<void> | undefined
  #openGate = () => {}
  /** Writes that wait for `answer`, by key; undefined: none does. */
  #held: Map<string, (step: FakeAnswer | FakeFault | undefined) => void> | undefined
  #isUp = true
  readonly #now: () => number

  constructor(options: { user: User | null; now: () => number }) {
    this.user = options.user
    this.#now = options.now
    const builtIn: Record<string, Handler> = {
      'booking.confirm': bookingConfirmed,
      'sms.send': smsSent,
      'lead.updateStatus': leadsUpdated,
      'lead.bulkUpdateStatus': leadsUpdated,
    }
    for (const action of ACTIONS) this.handle(action, builtIn[action.name]!)
  }

  /** Answers a team's own action, or replaces a built-in one. */
  handle(action: AnyAction, handle: Handler): void {
    // Two actions may share a path and are told apart by the body.
    const actions = this.#handlers.get(action.path)?.actions ?? []
    this.#handlers.set(action.path, { actions: [...actions, action], handle })
  }

  /** Puts rows there without any mutation, as another user's write does. */
  seed(table: string, rows: readonly BaseRow[]): void {
    for (const row of rows) this.#write(table, row)
  }

  /** The next writes get these instead of a real answer, one each. */
  next(...plan: (FakeAnswer | FakeFault | ErrorCode)[]): void {
    this.#plan.push(...plan.map(toStep))
  }

  /** Forgets what `next` and `answerKey` planned. */
  clearPlan(): void {
    this.#plan = []
    this.#byKey.clear()
  }

  /** Each write with this key gets this instead of a real answer; undefined: the real one again. */
  answerKey(key: string, answer: FakeAnswer | FakeFault | undefined): void {
    if (answer === undefined) this.#byKey.delete(key)
    else this.#byKey.set(key, answer)
  }

  /** Unreachable until `start`. */
  stop(): void {
    this.#isUp = false
  }

  start(): void {
    this.#isUp = true
  }

  /** Requests wait until `release`. */
  hold(): void {
    this.#gate ??= new Promise((resolve) => {
      this.#openGate = resolve
    })
  }

  release(): void {
    this.#gate = undefined
    this.#openGate()
  }

  /** From now on each write waits until `answer` names its key; whatever is read is answered at once. */
  holdWrites(): void {
    this.#held ??= new Map()
  }

  /** The keys of the writes that wait for `answer`, in the order they arrived. */
  get heldKeys(): string[] {
    return [...(this.#held?.keys() ?? [])]
  }

  /** Answers a write that waits: as it really would, or with this instead. */
  answer(key: string, step?: FakeAnswer | FakeFault | ErrorCode): void {
    const go = this.#held?.get(key)
    this.#held?.delete(key)
    go?.(step && toStep(step))
  }

  /** The writes among the requests. */
  get writes(): SeenRequest[] {
    return this.requests.filter(isWrite)
  }

  /** This server as one tab reaches it. `canReach` is asked at each request. */
  transport(canReach: () => boolean): Transport {
    return {
      send: async (request) => {
        if (!canReach() || !this.#isUp) return failed('network')
        const key = request.headers[HEADERS.idempotencyKey] ?? null
        this.requests.push({ ...request, key })
        if (this.#gate !== undefined) await this.#gate
        const answer = this.#answer(request, key, await this.#told(request, key))
        return canReach() || answer.kind === 'failure' ? answer : failed('network')
      },
    }
  }

  /** What a write that waits is told to be answered with. */
  #told(request: TransportRequest, key: string | null): Promise<FakeAnswer | FakeFault | undefined> | undefined {
    const held = this.#held
    if (held === undefined || key === null || !isWrite(request)) return undefined
    return new Promise((resolve) => held.set(key, resolve))
  }

  #answer(request: TransportRequest, key: string | null, told: FakeAnswer | FakeFault | undefined): TransportAnswer {
    const step = told ?? (isWrite(request) ? (this.#byKey.get(key ?? '') ?? this.#plan.shift()) : undefined)
    if (step === 'network' || step === 'timeout') return failed(step)
    const answer = typeof step === 'object' ? step : this.#respond(request, key)
    if (step === 'lost-response') return failed('network')
    return toTransport(this.echoes ? answer : { ...answer, echo: false }, key)
  }

  #respond(request: TransportRequest, key: string | null): FakeAnswer {
    const user = this.#caller(request)
    if (user === null) return refusal('UNAUTHENTICATED')
    const url = new URL(request.path, 'http://server.test')
    if (request.method === 'POST') return this.#post(url.pathname, request, { key, user })
    const looked = /^\/api\/mutations\/([^/]+)$/.exec(url.pathname)
    if (looked?.[1] !== undefined && !this.hidesLedger) return this.#lookUp(looked[1])
    if (url.pathname === PATHS.session) return { status: 200, body: user }
    if (url.pathname === PATHS.syncChanges) return this.#changesSince(url.searchParams.get('since'))
    if (url.pathname.endsWith('/sms-history')) return { status: 200, body: { sms_messages: this.#list('sms_messages') } }
    const [name = '', table = name] = url.pathname.slice('/api/'.length).split('/')
    const isListed = this.rows.has(table) || name === 'rows' || name === 'leads' || name === 'appointments'
    return isListed ? { status: 200, body: { [name]: this.#list(table), nextCursor: null } } : refusal('NOT_FOUND')
  }

  #list(table: string): readonly BaseRow[] {
    return [...(this.rows.get(table)?.values() ?? [])]
  }

  #caller({ headers }: TransportRequest): User | null {
    const token = headers.Authorization?.replace(/^Bearer /, '')
    if (token === undefined || this.tokens.size === 0) return this.user
    return this.tokens.get(token) ?? null
  }

  #post(path: string, request: TransportRequest, { key, user }: { key: string | null; user: User }): FakeAnswer {
    const resolve = /^\/api\/mutations\/([^/]+)\/resolve$/.exec(path)
    if (resolve?.[1] !== undefined && !this.hidesLedger) return this.#resolve(resolve[1])
    const entry = this.#handlers.get(path)
    if (entry === undefined || key === null) return refusal('NOT_FOUND')
    const named = request.headers[HEADERS.mutationActor]
    if (named !== undefined && named !== user.actor) return refusal('ACTOR_MISMATCH')
    const recorded = this.#ledger.get(key)
    if (recorded !== undefined) {
      if (recorded.fingerprint !== request.body && recorded.fingerprint !== '') return refusal('IDEMPOTENCY_KEY_REUSED')
      return replay(recorded)
    }
    const now = new Date(this.#now()).toISOString()
    const { status, body } = entry.handle(JSON.parse(request.body ?? 'null'), { rows: this.rows, user, key, now })
    if (status < 300) {
      this.effects.push(key)
      this.doers.set(key, user.actor)
    }
    const changed = status < 300 ? entry.actions.flatMap((action) => action.rows(body)) : []
    for (const { table, row } of changed) this.#write(table, row as BaseRow)
    const record = { fingerprint: request.body ?? '', status, text: JSON.stringify(body) }
    this.#ledger.set(key, record)
    return { ...replay(record), headers: { [HEADERS.idempotencyOutcome]: 'recorded' } }
  }

  #lookUp(key: string): FakeAnswer {
    return this.#ledger.has(key) ? this.#resolve(key) : refusal('NOT_FOUND')
  }

  #resolve(key: string): FakeAnswer {
    const stands = this.#ledger.get(key)
    if (stands === undefined) {
      this.#ledger.set(key, { fingerprint: '', status: 410, text: JSON.stringify(errorBody('ACTION_ABANDONED')) })
      return { status: 200, body: { key, state: 'abandoned' } }
    }
    const isAbandoned = stands.text.includes('ACTION_ABANDONED')
    return {
      status: 200,
      body: isAbandoned ? { key, state: 'abandoned' } : { key, state: 'recorded', status: stands.status, body: stands.text },
    }
  }

  #write(table: string, row: BaseRow): void {
    const rows = this.rows.get(table) ?? new Map<string, BaseRow>()
    this.rows.set(table, rows)
    const eventType = rows.has(row.id) ? 'UPDATE' : 'INSERT'
    rows.set(row.id, row)
    this.#log.push({ table, eventType, new: row, old: { id: row.id }, version: row.version })
  }

  #changesSince(since: string | null): FakeAnswer {
    const from = since === null ? this.#log.length : Number(since)
    const page = { changes: this.#log.slice(from), next: String(this.#log.length), hasMore: false, horizonLagMs: 0, epoch: 'epoch-1' }
    return { status: 200, body: page }
  }
}

function isWrite({ method, path }: TransportRequest): boolean {
  return method === 'POST' && !path.startsWith('/api/mutations/')
}

function toStep(step: FakeAnswer | FakeFault | ErrorCode): FakeAnswer | FakeFault {
  return typeof step === 'string' && step in ERROR_CODES ? refusal(step as ErrorCode) : (step as FakeAnswer | FakeFault)
}

function refusal(code: ErrorCode): FakeAnswer {
  return { status: ERROR_CODES[code].status, body: errorBody(code) }
}

function replay({ status, text }: Recorded): FakeAnswer {
  return { status, body: JSON.parse(text), headers: { [HEADERS.idempotencyOutcome]: 'recorded', [HEADERS.idempotentReplayed]: 'true' } }
}

function failed(fault: 'network' | 'timeout'): TransportAnswer {
  return { kind: 'failure', reason: fault }
}

function toTransport({ status, body, headers = {}, echo = true }: FakeAnswer, key: string | null): TransportAnswer {
  const all = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  if (echo && key !== null) all.set(HEADERS.idempotencyKey.toLowerCase(), key)
  return { kind: 'answer', status, header: (name) => all.get(name.toLowerCase()) ?? null, json: copyOf(body) }
}
