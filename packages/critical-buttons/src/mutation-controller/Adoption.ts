import type { MutationCallbacks, MutationView, SyncClient } from '@org/sync-core'

/**
 * Offers callbacks for a mutation whose tab may be gone, for example by a reload of this page: then its ending is told
 * here, once a page.
 */
export class Adoption {
  readonly #client: SyncClient
  #held: { id: string; withdraw: () => void } | undefined

  constructor(client: SyncClient) {
    this.#client = client
  }

  /** Offers them for `view`, in place of another one's. What this tab submitted has its callbacks. */
  offer(view: MutationView | undefined, callbacks: () => MutationCallbacks): void {
    if (!view || view.ownTab || this.#held?.id === view.id) return
    this.withdraw()
    const withdraw = this.#client.adopt?.(view.id, callbacks())
    this.#held = withdraw && { id: view.id, withdraw }
  }

  withdraw(): void {
    this.#held?.withdraw()
    this.#held = undefined
  }
}
