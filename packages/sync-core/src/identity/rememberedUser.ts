import { sessionSchema } from '@org/contracts/client'
import type { TabMemory } from '../ports/TabMemory.js'
import type { OriginStore } from './OriginStore.js'
import { isSameUser, type User } from './scopeName.js'

const KEY = 'user'

export interface RememberedUserOptions {
  /** This tab's; undefined where there is none, as in a worker. */
  tabMemory: TabMemory | undefined
  origin: OriginStore
  /** What belongs to one API, in the tab's memory. */
  name: string
}

/**
 * The user of the last visit, so that a reload without network opens the same queue: this tab's own, as each tab may
 * be somebody else by a token of its own, else the one whom the origin saw last. Never a token.
 */
export class RememberedUser {
  readonly #options: RememberedUserOptions
  readonly #key: string

  constructor(options: RememberedUserOptions) {
    this.#options = options
    this.#key = `${options.name}:${KEY}`
  }

  /** This tab's, known at once. */
  ofTab(): User | null {
    const text = this.#options.tabMemory?.read(this.#key) ?? null
    try {
      return text === null ? null : toUser(JSON.parse(text))
    } catch {
      return null
    }
  }

  async ofOrigin(): Promise<User | null> {
    return toUser(await this.#options.origin.read(KEY))
  }

  remember(user: User): void {
    this.#options.tabMemory?.write(this.#key, JSON.stringify({ actor: user.actor, tenant: user.tenant }))
    this.#options.origin.update(KEY, () => ({ actor: user.actor, tenant: user.tenant }))
  }

  /** Another tab may be somebody else, whom the origin goes on remembering. */
  forget(user: User): void {
    this.#options.tabMemory?.write(this.#key, null)
    this.#options.origin.update(KEY, (value) => {
      const kept = toUser(value)
      return kept !== null && isSameUser(kept, user) ? undefined : value
    })
  }
}

function toUser(value: unknown): User | null {
  const parsed = sessionSchema.safeParse(value)
  return parsed.success ? { actor: parsed.data.actor, tenant: parsed.data.tenant } : null
}
