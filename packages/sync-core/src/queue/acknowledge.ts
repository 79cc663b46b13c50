import type { CombineParts } from '../mutation/bulkParent.js'
import type { BulkRecord, MutationResult, Single, SingleRecord } from '../mutation/MutationRecord.js'
import { isPending } from '../mutation/mutationState.js'
import { accepted, blocked, buried, leftOpen, questioned, retried, settled } from '../mutation/transitions.js'
import type { Decision } from '../retry/decideRetry.js'
import { isSameAttempt, updateParent } from './change.js'
import type { Operation } from './Operation.js'

export interface AcknowledgeOptions {
  now: number
  /** A mounted button shows it, or its own refusal is no surprise: then an ending that is no success is no dead letter. */
  shown: boolean
  /** This tab calls the callbacks right after the commit. */
  tell: boolean
  /** By lane, the versions that the answer's rows have now. */
  versions: Readonly<Record<string, number>>
  combine: CombineParts | undefined
  /** A 202 that says that nothing was tried yet. */
  untried?: boolean
}

export interface Acknowledged {
  /** False: someone else has already decided; `record` is what stands. */
  applied: boolean
  record: SingleRecord | undefined
  /** The bulk mutation that ended with this child, when callbacks are this tab's to call. */
  parent: BulkRecord | undefined
}

/** Nobody could have carried these out: they are no attempts. */
const REFUSED_AT_THE_DOOR = new Set(['unauthenticated', 'actor-mismatch'])

/** Writes down what follows a finished attempt. */
export function acknowledge(sent: Single<'sending'>, decision: Decision, options: AcknowledgeOptions): Operation<Acknowledged> {
  return {
    apply: (draft) => {
      const current = draft.single(sent.id)
      const record = current && afterDecision(current, sent, decision, options)
      if (record === undefined) return { applied: false, record: current, parent: undefined }
      draft.write(record)
      return { applied: true, record, parent: updateParent(draft, sent.parentId, options) }
    },
  }
}

/**
 * The record after a decision; undefined when it is not for this attempt to decide. Pure.
 * A proof counts whoever asked. Anything less is only for the tab that is still the sender: while it was away,
 * another one may have sent the same key, and that attempt may take effect yet.
 */
function afterDecision(
  current: SingleRecord,
  sent: Single<'sending'>,
  decision: Decision,
  options: AcknowledgeOptions,
): SingleRecord | undefined {
  if (isSameAttempt(current, sent)) return afterAttempt(current, decision, options)
  const isOpen = isPending(current) || current.state === 'unknown'
  return decision.next === 'settle' && decision.proven && isOpen ? ended(current, decision.result, options) : undefined
}

function afterAttempt(current: Single<'sending'>, decision: Decision, options: AcknowledgeOptions): SingleRecord {
  switch (decision.next) {
    case 'settle':
      return ended(current, decision.result, options)
    case 'wait':
      return accepted(current, decision.at, options.untried ?? false)
    case 'retry':
      return retried(current, decision, !REFUSED_AT_THE_DOOR.has(decision.error.kind))
    case 'resolve':
      return questioned(current, decision)
    case 'block':
      return blocked(current, decision)
    case 'unknown':
      return leftOpen(current, { lastError: decision.error, ...toldNow(options) })
    default:
      return decision satisfies never
  }
}

function ended(
  current: Exclude<SingleRecord, Single<'settled' | 'dead'>>,
  result: MutationResult,
  options: AcknowledgeOptions,
): Single<'settled' | 'dead'> {
  const tookEffect = result.outcome === 'success' || result.outcome === 'partial'
  const versions = tookEffect ? { ackedVersions: { ...options.versions } } : {}
  const ending = { result, ...toldNow(options), ...versions }
  // A part of a bulk mutation is shown by the whole.
  const isSeen = result.outcome === 'success' || options.shown || current.parentId !== undefined
  return isSeen ? settled(current, ending) : buried(current, ending)
}

function toldNow({ tell, now }: AcknowledgeOptions): { notifiedAt?: number } {
  return tell ? { notifiedAt: now } : {}
}
