import type { Bulk, BulkRecord, MutationRecord, MutationResult, SettledOutcome, Single, SingleRecord } from './MutationRecord.js'
import { doneUnread, hasEnded, isBulk, isPending, isUnread } from './mutationState.js'

/** Makes one answer out of the children's, in order. */
export type CombineParts = (parts: readonly { request: unknown; response: unknown; code: string | undefined }[]) => unknown

/** The key of child number `index`, from 0. Derived, so that a reload finds the same children. */
export function childId(parentId: string, index: number): string {
  return `${parentId}_${String(index + 1).padStart(4, '0')}`
}

export function childIds(record: MutationRecord): string[] {
  return isBulk(record) ? Array.from({ length: record.children }, (_, index) => childId(record.id, index)) : []
}

export interface ParentOptions {
  now: number
  tell: boolean
  /** Someone sees how it ends: it is no dead letter. */
  shown: boolean
  combine: CombineParts | undefined
}

/**
 * Where a bulk mutation stands after one of its children moved; undefined when that changes nothing.
 * It ends when all children have; it waits for a person when nothing else goes on. Pure.
 */
export function parentAfter(
  parent: BulkRecord,
  children: readonly (SingleRecord | undefined)[],
  options: ParentOptions,
): BulkRecord | undefined {
  if (hasEnded(parent)) return undefined
  const known = children.filter((child) => child !== undefined)
  if (known.length < children.length || known.some(isPending)) return goesOn(parent)
  const told = options.tell ? { notifiedAt: options.now } : {}
  const stuck = known.find((child) => child.state === 'unknown')
  if (stuck === undefined) {
    const result = combineResults(known.filter(hasEnded), options)
    return { ...next(parent), ...told, result, state: result.outcome === 'success' || options.shown ? 'settled' : 'dead' }
  }
  return parent.state === 'unknown' ? undefined : { ...next(parent), ...told, state: 'unknown', lastError: stuck.lastError }
}

function goesOn(parent: BulkRecord): Bulk<'queued'> | undefined {
  return parent.state === 'queued' ? undefined : { ...next(parent), state: 'queued', lastError: null }
}

/** What stays true of a bulk mutation in every state. */
function next(parent: BulkRecord): Omit<Bulk<'queued'>, 'state'> {
  const { notifiedAt, dismissed, ...kept } = parent as Bulk<'unknown'>
  return { ...kept, rev: parent.rev + 1 }
}

function combineResults(
  children: readonly Single<'settled' | 'dead'>[],
  { now, combine }: { now: number; combine: CombineParts | undefined },
): MutationResult {
  const results = children.map((child) => child.result)
  const outcome = combineOutcomes(results)
  if (outcome === 'success' && results.some(isUnread)) return doneUnread(200, now)
  // Nobody here knows how many of its rows an unread part changed: it is counted neither as done nor as failed.
  const read = children.filter(({ result }) => !isUnread(result))
  const parts = read.map(({ request, result }) => {
    const answered = result.outcome === 'success' || result.outcome === 'partial'
    return { request, response: answered ? result.body : undefined, code: answered ? undefined : (result.code ?? 'CANCELLED') }
  })
  const body = combine?.(parts) ?? parts.map(({ response }) => response)
  const refusal = results.find((result) => result.code !== null && !isUnread(result))
  return { outcome, status: refusal?.status ?? 200, code: refusal?.code ?? null, body, replayed: false, at: now }
}

function combineOutcomes(results: readonly MutationResult[]): SettledOutcome {
  const outcomes = new Set(results.map((result) => result.outcome))
  if (outcomes.size === 1) return [...outcomes][0]!
  return outcomes.has('success') || outcomes.has('partial') ? 'partial' : 'rejected'
}
