import type { ConnectivityEvent } from '../ports/Connectivity.js'
import type { Platform } from '../ports/Platform.js'
import type { TabTalk } from '../tabs/TabTalk.js'
import type { ApiClient } from './ApiClient.js'
import { askWho, type GetIdentity } from './askWho.js'
import type { AttemptNews, IdentityChange, IdentityEvent } from './IdentityEvent.js'
import { AT_START, type IdentityState } from './IdentityState.js'
import { noteUser } from './noteUser.js'
import type { OriginMemory } from './OriginMemory.js'
import type { OriginMessage } from './originMessages.js'
import type { User } from './scopeName.js'
import { isLastQuestion, transition } from './transition.js'

export interface WhoIsHereOptions {
  platform: Platform
  api: ApiClient
  getIdentity: GetIdentity | undefined
  memory: OriginMemory
  /** All tabs of the origin, whoever is signed in there. */
  talk: TabTalk<OriginMessage>
  /** Called after each transition, once what follows from it is under way. */
  onChange: (change: IdentityChange) => void
}

/** Hidden for so long, a page may belong to somebody else by now. */
const LONG_HIDDEN_MS = 30_000
/** While the browser says that there is no network, in case it is wrong. */
const OFFLINE_WAIT_MS = 30_000

/**
 * The one owner of who is signed in: a thin loop around the table in `transition`. It asks, waits, remembers and tells
 * other tabs; everyone else reads its state.
 */
export class WhoIsHere {
  readonly #options: WhoIsHereOptions
  readonly #events: IdentityEvent[] = []
  #state: IdentityState = AT_START
  #isClosed = false
  #askedUnder: number | undefined
  #cancelTimer = () => {}
  #hiddenAt: number | undefined
  #sawNoToken = false
  #waiting: (() => void)[] = []

  constructor(options: WhoIsHereOptions) {
    this.#options = options
    const { clock, connectivity } = options.platform
    // A tab that was opened behind another one, or a page rendered ahead of its visit.
    if (!connectivity.isVisible()) this.#hiddenAt = clock.now()
    options.talk.listen((message) => this.#handle(message))
  }

  get state(): IdentityState {
    return this.#state
  }

  get api(): ApiClient {
    return this.#options.api
  }

  async start(): Promise<void> {
    const { memory } = this.#options
    const ofOrigin = memory.load()
    this.#handle({ type: 'started', user: memory.userOfTab() ?? (await ofOrigin) })
  }

  /** Somebody may have signed in, out, or as someone else; resolves with the next answer. */
  refresh(): Promise<void> {
    if (this.#isClosed) return Promise.resolve()
    const answered = new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#handle({ type: 'refreshed' })
    return answered
  }

  /** Resolves when no question is on its way. */
  whenAnswered(): Promise<void> {
    const isAsking = this.#askedUnder === this.#state.stamp && !this.#isClosed
    return isAsking ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve()
  }

  /** Nobody is here from now on. @param user who was here when that began; somebody else stays */
  signOut(user: User | null): void {
    this.#sawNoToken = false
    this.#handle({ type: 'signed-out', user })
  }

  /** An attempt to send met this. */
  attempted(stamp: number, news: AttemptNews): void {
    this.#handle({ type: 'attempted', stamp, news, asksHost: this.#options.getIdentity !== undefined })
  }

  /** A person wants to try now. */
  hint(): void {
    this.#handle({ type: 'hinted' })
  }

  /** What the platform says about page and network. */
  hear(event: ConnectivityEvent): void {
    const { clock, connectivity } = this.#options.platform
    const hiddenMs = clock.now() - (this.#hiddenAt ?? clock.now())
    if (event === 'hidden') this.#hiddenAt = clock.now()
    if (event === 'online') this.#handle({ type: 'hinted' })
    // Without a network nobody can be asked, and nobody else can have signed in by this browser either.
    if (event === 'restored') this.#handle({ type: 'returned', hides: connectivity.isOnline() })
    // The clock may have been set back meanwhile.
    const isLong = hiddenMs >= LONG_HIDDEN_MS || hiddenMs < 0
    if (event === 'visible') this.#handle(isLong ? { type: 'returned', hides: false } : { type: 'hinted' })
    if (event === 'visible' || event === 'restored') this.#hiddenAt = undefined
    if (event === 'visible' || event === 'online') void this.#lookForToken()
  }

  close(): void {
    this.#isClosed = true
    this.#cancelTimer()
    this.#release()
  }

  // One after the other: whoever is told of a transition may cause the next one.
  #handle(event: IdentityEvent): void {
    if (this.#events.push(event) > 1) return
    for (const next of this.#events) if (!this.#isClosed) this.#step(next)
    this.#events.length = 0
  }

  #step(event: IdentityEvent): void {
    const before = this.#state
    const { state, askIn } = transition(before, event)
    this.#state = state
    if (state !== before) this.#cancelTimer()
    if (askIn === 0) void this.#ask()
    else if (askIn !== undefined) this.#wait(askIn)
    if (state === before) return
    const change = { before, after: state, event }
    noteUser(change, this.#options)
    this.#options.onChange(change)
    // Where nothing more is asked, an answer that is still on its way comes too late to be one.
    if (event.type === 'answered' || askIn === undefined) this.#release()
  }

  async #ask(): Promise<void> {
    this.#cancelTimer()
    const { stamp } = this.#state
    if (this.#askedUnder === stamp) return
    this.#askedUnder = stamp
    const { api, getIdentity, platform } = this.#options
    const answer = await askWho({ api, getIdentity, clock: platform.clock }, isLastQuestion(this.#state))
    if (this.#askedUnder === stamp) this.#askedUnder = undefined
    this.#handle({ type: 'answered', stamp, answer })
  }

  #wait(ms: number): void {
    const { clock, connectivity } = this.#options.platform
    const { stamp } = this.#state
    const waitMs = connectivity.isOnline() ? ms : Math.max(ms, OFFLINE_WAIT_MS)
    this.#cancelTimer = clock.setTimer(() => this.#handle({ type: 'due', stamp }), waitMs)
  }

  /** After a sign-out here, the token that goes away and comes back is another sign-in; one that merely stays is not. */
  async #lookForToken(): Promise<void> {
    const { state } = this
    if (state.is !== 'signed-out' || !state.isByUs) return
    const authorized = await this.api.authorize()
    if (this.#state !== state) return
    if (authorized.kind === 'unsure' && authorized.reason === 'token-refused') this.#sawNoToken = true
    if (authorized.kind === 'given' && this.#sawNoToken) this.#handle({ type: 'refreshed' })
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
