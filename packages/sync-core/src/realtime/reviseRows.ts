import type { EntityStore, StoreMark } from '../store/EntityStore.js'

type Store = Pick<EntityStore, 'revise'>

/** A known row of which no version is known: whatever comes next replaces it. */
const BELOW_ALL = Number.NEGATIVE_INFINITY

/** A snapshot that began at `mark` has ended: base rows it did not show, and that came before it, are gone. */
export function removeUnseen(store: Store, table: string, seen: ReadonlySet<string>, mark: StoreMark): void {
  store.revise((id, { base, enteredAt }) => (base && enteredAt <= mark && !seen.has(id) ? { base: undefined } : undefined), table)
}

/** Versions of these rows are not to be believed: whatever comes next replaces what is known of them, which is shown until then. */
export function forgetVersions(store: Store, table: string, ids: readonly string[]): void {
  const forgotten = new Set(ids)
  store.revise((id, { version }) => (version !== undefined && forgotten.has(id) ? { version: BELOW_ALL } : undefined), table)
}

/** Forgets base rows and tombstones whatever their versions (a restored database counts anew); keeps mutations. */
export function dropBase(store: Store): void {
  store.revise((_id, { version }) => (version === undefined ? undefined : { base: undefined, version: undefined }))
}
