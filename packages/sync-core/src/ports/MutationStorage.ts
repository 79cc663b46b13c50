/** One change inside a transaction; `value: undefined` deletes the entry. */
export interface StorageWrite {
  key: string
  value: unknown
}

/** One stored entry. */
export type Entry = readonly [key: string, value: unknown]

/** Reads inside one open transaction. */
export interface StorageReader {
  /** The values of `keys` in order, undefined where there is none. */
  getMany(keys: readonly string[]): Promise<readonly unknown[]>
  /** All entries, in any order. */
  entries(): Promise<readonly Entry[]>
}

/**
 * A key-value store with atomic read-decide-write transactions, one per tenant and user.
 * The queue's rules live in the core; an adapter only keeps these three promises.
 */
export interface MutationStorage {
  /** `memory`: entries are lost when the page goes away. */
  readonly durability: 'disk' | 'memory'
  /**
   * Runs `plan` in one readwrite transaction and applies the writes it returns. No other transaction of
   * any tab on the same store runs between the reads and the writes. `plan` may await nothing but `reader`.
   * @param options.strict resolve only when the writes are flushed to disk
   * @returns the writes' transaction is complete when this resolves; a rejection means nothing was written
   */
  transaction(options: { strict: boolean }, plan: (reader: StorageReader) => Promise<readonly StorageWrite[]>): Promise<void>
  /** All entries, in one consistent read. */
  entries(): Promise<readonly Entry[]>
  /**
   * Calls `listener` when the browser takes the store away, as when site data is cleared; a later transaction
   * then meets an empty one. @default nobody is told, and it is found out with the next transaction
   */
  onLost?(listener: () => void): void
  /** Frees the connection; entries stay. */
  close(): void
}

/**
 * Opens the store called `name`, creating it when needed.
 * Rejects when the browser refuses storage (private mode, disabled, full).
 */
export type OpenStorage = (name: string) => Promise<MutationStorage>
