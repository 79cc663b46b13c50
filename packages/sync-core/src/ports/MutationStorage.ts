/** Numbers are places in an order, texts are names. */
export type StorageKey = string | number

/** One change inside a transaction; `value: undefined` deletes the entry. */
export interface StorageWrite {
  key: StorageKey
  value: unknown
  /** The whole transaction is refused when there is such an entry already. */
  isNew?: boolean
}

/** One stored entry. */
export type Entry = readonly [key: StorageKey, value: unknown]

/** Reads inside one open transaction. */
export interface StorageReader {
  /** The values of `keys` in order, undefined where there is none. */
  getMany(keys: readonly StorageKey[]): Promise<readonly unknown[]>
  /** The keys that are numbers above `place`, in their order. */
  keysAfter(place: number): Promise<readonly number[]>
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
   * @returns true when the writes' transaction is complete, false when an entry that must be new was there; that and
   * a rejection mean that nothing was written
   */
  transaction(options: { strict: boolean }, plan: (reader: StorageReader) => Promise<readonly StorageWrite[]>): Promise<boolean>
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
