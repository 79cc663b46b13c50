import type { IdentityChange } from '../identity/IdentityEvent.js'
import type { OriginMemory } from '../identity/OriginMemory.js'
import type { User } from '../identity/scopeName.js'
import type { UserScope } from './UserScope.js'

export interface CurrentUserOptions {
  open: (user: User) => UserScope
  memory: Pick<OriginMemory, 'setWaiting'>
  /** The former user's rows and feeds go before anyone else's come. */
  onLeft: () => void
  onCame: (scope: UserScope) => void
}

/** Holds what belongs to the user who is here, and sees to it that it never overlaps with another's. */
export class CurrentUser {
  readonly #options: CurrentUserOptions
  /** Undefined while nobody is here, and while what belongs to somebody is still being opened. Set here alone. */
  scope: UserScope | undefined
  #switching: Promise<void> = Promise.resolve()
  #turn = 0

  constructor(options: CurrentUserOptions) {
    this.#options = options
  }

  /** Somebody came or went, or what is known of who is here changed. */
  note({ before, after }: IdentityChange): void {
    if (before.user !== after.user) this.#follow(after.user)
    else this.scope?.dispatcher.leaveChanged()
  }

  /** Resolves when the last switch is through. */
  whenSwitched(): Promise<void> {
    return this.#switching
  }

  close(): void {
    this.#turn += 1
    this.scope?.close()
    this.scope = undefined
  }

  /** Nobody may see or send anything of the former user from here on; the next one's is opened after that. */
  #follow(user: User | null): void {
    const turn = ++this.#turn
    const left = this.#leave(turn)
    this.#switching = Promise.all([this.#switching, left]).then(() => (user === null ? undefined : this.#come(user, turn)))
  }

  async #leave(turn: number): Promise<void> {
    const former = this.scope
    this.scope = undefined
    this.#options.onLeft()
    if (former === undefined) return
    const isGone = () => this.#turn === turn || this.scope?.name !== former.name
    await this.#options.memory.setWaiting(former.name, await former.leave(isGone))
  }

  async #come(user: User, turn: number): Promise<void> {
    if (turn !== this.#turn) return
    const scope = this.#options.open(user)
    await scope.queue.load()
    if (turn !== this.#turn) return scope.close()
    this.scope = scope
    void this.#options.memory.setWaiting(scope.name, 0)
    this.#options.onCame(scope)
  }
}
