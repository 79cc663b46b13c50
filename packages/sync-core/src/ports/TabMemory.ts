/**
 * A few words that belong to one tab and survive its reload (sessionStorage). Never throws: where the platform keeps
 * nothing for a tab, as in a worker, reading gives null.
 */
export interface TabMemory {
  read(key: string): string | null
  /** `null` deletes. */
  write(key: string, value: string | null): void
}
