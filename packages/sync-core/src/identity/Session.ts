import { PATHS, sessionSchema } from '@org/contracts/client'
import type { Clock } from '../ports/Clock.js'
import type { MutationStorage } from '../ports/MutationStorage.js'
import type { Identity } from '../SyncClient.js'
import { describeError, type Report } from '../telemetry/report.js'
import type { ApiClient } from './ApiClient.js'
import { readRememberedUser, rememberUser } from './rememberedUser.js'
import type { User } from './scopeName.js'

/** Who is signed in, for teams that know it by other means than GET /api/session; null: nobody. */
export type GetIdentity = () => User | null | Promise<User | null>

export interface SessionOptions {
  api: ApiClient
  clock: Clock
  report: Report
  getIdentity: GetIdentity | undefined
  openMemory: () => Promise<MutationStorage>
  /** Opens what belongs to this user before anyone is told; null: nobody is here any more. */
  onUser: (user: User | null) => Promise<void>
  onChange: () => void
}

const ASK_AGAIN_MS = 30_000

/** Keeps who is signed in: remembered first, then asked, asked again while there is no answer. */
export class Session {
  readonly #options: SessionOptions
  #identity: Identity = { state: 'loading' }
  #memory: MutationStorage | undefined
  #cancelTimer = () => {}
  #asking: Promise<Identity> | undefined
  #becoming = Promise.resolve()
  #isClosed = false
  #isSignedOut = false

  constructor(options: SessionOptions) {
    this.#options = options
  }

  get identity(): Identity {
    return this.#identity
  }

  async start(): Promise<void> {
    this.#memory = await this.#options.openMemory()
    const remembered = await readRememberedUser(this.#memory).catch(() => null)
    if (remembered !== null) await this.#become(remembered, false)
    await this.refresh()
  }

  /** Asks who is signed in. Without an answer, what was known stays. */
  refresh(): Promise<Identity> {
    this.#isSignedOut = false
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  /** After `signOut`: nobody, until `refresh` is called. */
  async signOut(): Promise<void> {
    this.#isSignedOut = true
    await this.#become(null, true)
  }

  /** A hint that asking may help: online again, visible again. */
  hint(): void {
    const isSettled = this.#identity.state === 'signed-in' && this.#identity.confirmed
    if (!isSettled && !this.#isSignedOut && !this.#isClosed) void this.refresh()
  }

  close(): void {
    this.#isClosed = true
    this.#cancelTimer()
    this.#memory?.close()
  }

  async #ask(): Promise<Identity> {
    this.#cancelTimer()
    const answer = await this.#answer()
    if (this.#isClosed || this.#isSignedOut) return this.#identity
    if (answer === undefined) this.#cancelTimer = this.#options.clock.setTimer(() => this.hint(), ASK_AGAIN_MS)
    else await this.#become(answer, true)
    return this.#identity
  }

  async #answer(): Promise<User | null | undefined> {
    const { getIdentity, api, report } = this.#options
    try {
      return await (getIdentity === undefined ? askServer(api) : getIdentity())
    } catch (error) {
      report('IDENTITY_UNAVAILABLE', `It is not known who is signed in. ${describeError(error)}`)
      return undefined
    }
  }

  // One after the other: a hint that asks while the remembered user's queue is still being opened must not open it twice.
  #become(user: User | null, confirmed: boolean): Promise<void> {
    const become = () => this.#becomeNow(user, confirmed)
    this.#becoming = this.#becoming.then(become, become)
    return this.#becoming
  }

  async #becomeNow(user: User | null, confirmed: boolean): Promise<void> {
    const before = this.#identity
    const isSame = before.state === 'signed-in' && user?.actor === before.actor && user.tenant === before.tenant
    if (isSame && before.confirmed === confirmed) return
    if (before.state === 'signed-out' && user === null) return
    if (!isSame) {
      // Nobody may see or send anything of the former user from here on.
      this.#identity = { state: user === null ? 'signed-out' : 'loading' }
      this.#options.onChange()
      await this.#options.onUser(user)
    }
    if (confirmed && this.#memory) await rememberUser(this.#memory, user).catch(() => undefined)
    if (user !== null && !this.#isClosed) this.#identity = { state: 'signed-in', ...user, confirmed }
    this.#options.onChange()
  }
}

/** Undefined: there was no answer. */
async function askServer(api: ApiClient): Promise<User | null | undefined> {
  const answer = await api.request({ method: 'GET', path: PATHS.session })
  if (answer.kind === 'failure') return undefined
  if (answer.status === 401 && answer.json !== undefined) {
    // Refused, and no other token can be had now: whether anyone is signed in is not known.
    return (await api.authorize(true)) === undefined ? undefined : null
  }
  const parsed = sessionSchema.safeParse(answer.status === 200 ? answer.json : undefined)
  if (parsed.success) return { actor: parsed.data.actor, tenant: parsed.data.tenant }
  throw new Error(`GET ${PATHS.session} answered ${answer.status} without an identity. Pass getIdentity if your API has no such route.`)
}
