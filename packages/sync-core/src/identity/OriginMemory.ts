import { sessionSchema, z } from '@org/contracts/client'
import type { MutationStorage } from '../ports/MutationStorage.js'
import type { TabMemory } from '../ports/TabMemory.js'
import { isSameUser, type User } from './scopeName.js'

const countsSchema = z.record(z.string(), z.number())

export interface OriginMemoryOptions {
  /** The origin's own store, which belongs to none of its users. */
  disk: { use<Result>(work: (storage: MutationStorage) => Promise<Result>): Promise<Result>; drop(): void; close(): void }
  /** This tab's; undefined where there is none, as in a worker. */
  tabMemory: TabMemory | undefined
  /** Of what belongs to one API, in the tab's memory. */
  name: string
  /** Other people's clicks were counted. */
  onCounted: () => void
}

/**
 * What a browser keeps about the users of one API, beside their clicks. Best effort: what cannot be kept costs a
 * convenience, never a click. Never a token.
 *
 * - the user of the last visit, so that a reload without network opens the same queue: this tab's own, as each tab may
 *   be somebody else by a token of its own, else the one whom the origin saw last
 * - how many clicks wait for their users to sign in again, by hash(tenant, user): all that may be said of them while
 *   nobody is signed in
 */
export class OriginMemory {
  readonly #options: OriginMemoryOptions
  #counts: Readonly<Record<string, number>> = {}
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: OriginMemoryOptions) {
    this.#options = options
  }

  /** How many clicks wait, whoever's they are. */
  get waiting(): number {
    return Object.values(this.#counts).reduce((sum, count) => sum + count, 0)
  }

  /** This tab's own, known at once. */
  userOfTab(): User | null {
    try {
      return toUser(JSON.parse(this.#options.tabMemory?.read(this.#key) ?? 'null'))
    } catch {
      return null
    }
  }

  /** Reads what the origin keeps. @returns the user whom it saw last */
  async load(): Promise<User | null> {
    const kept = new Map(await this.#use((storage) => storage.entries()))
    this.#count(kept.get('waiting'))
    return toUser(kept.get('user'))
  }

  remember({ actor, tenant }: User): void {
    this.#options.tabMemory?.write(this.#key, JSON.stringify({ actor, tenant }))
    void this.#update('user', () => ({ actor, tenant }))
  }

  /** Another tab may be somebody else, whom the origin goes on remembering. */
  forget(user: User): void {
    this.#options.tabMemory?.write(this.#key, null)
    void this.#update('user', (value) => {
      const kept = toUser(value)
      return kept !== null && isSameUser(kept, user) ? undefined : value
    })
  }

  /** @param count 0: nothing of that user waits, or the user is here */
  setWaiting(scope: string, count: number): Promise<unknown> {
    return this.#update('waiting', (value) => {
      const counts = { ...toCounts(value), [scope]: count }
      if (count === 0) delete counts[scope]
      this.#count(counts)
      return counts
    })
  }

  close(): void {
    void this.#last.then(() => this.#options.disk.close())
  }

  get #key(): string {
    return `${this.#options.name}:user`
  }

  #count(value: unknown): void {
    this.#counts = toCounts(value)
    this.#options.onCounted()
  }

  /** One read-decide-write; `undefined` deletes. */
  #update(key: 'user' | 'waiting', decide: (value: unknown) => unknown): Promise<unknown> {
    return this.#use((storage) =>
      storage.transaction({ strict: false }, async (reader) => {
        const [value] = await reader.getMany([key])
        return [{ key, value: decide(value) }]
      }),
    )
  }

  /** After what was asked for before; undefined when the browser refuses. */
  #use<Result>(work: (storage: MutationStorage) => Promise<Result>): Promise<Result | undefined> {
    const { disk } = this.#options
    const again = (error: unknown) => {
      disk.drop()
      // Closed without a word; what must be forgotten is tried on another connection.
      return (error as { name?: unknown } | null)?.name === 'InvalidStateError' ? disk.use(work) : undefined
    }
    const done = this.#last
      .then(() => disk.use(work))
      .catch(again)
      .catch(() => undefined)
    this.#last = done
    return done
  }
}

function toUser(value: unknown): User | null {
  const parsed = sessionSchema.safeParse(value)
  return parsed.success ? { actor: parsed.data.actor, tenant: parsed.data.tenant } : null
}

function toCounts(value: unknown): Readonly<Record<string, number>> {
  const parsed = countsSchema.safeParse(value)
  return parsed.success ? parsed.data : {}
}
