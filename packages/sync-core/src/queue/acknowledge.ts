import type { CombineParts } from '../mutation/bulkParent.js'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import { become, withoutAttempt } from '../mutation/mutationState.js'
import type { Decision } from '../retry/decideRetry.js'
import type { Draft } from './Draft.js'
import type { Operation } from './Operation.js'
import { updateParent } from './updateParent.js'
import { writeRecord } from './writeRecord.js'

export interface AcknowledgeOptions {
  now: number
  tabId: string
  /** A mounted button shows it, or its own refusal is no surprise: then an ending that is no success is no dead letter. */
  shown: boolean
  /** This tab calls the callbacks right after the commit. */
  tell: boolean
  /** By lane, the versions that the answer's rows have now. */
  versions: Readonly<Record<string, number>>
  /** Remember success in the lane, for the duplicate window. */
  rememberDone: boolean
  combine: CombineParts | undefined
  /** A 202 that says that nothing was tried yet. */
  untried?: boolean
}

export interface Acknowledged {
  /** False: someone else has already decided; `record` is what stands. */
  applied: boolean
  record: MutationRecord | undefined
  /** The bulk mutation that ended with this child, when callbacks are this tab's to call. */
  parent: MutationRecord | undefined
}

/** Writes down what follows a finished attempt. */
export function acknowledge(sent: MutationRecord, decision: Decision, options: AcknowledgeOptions): Operation<Acknowledged> {
  const { parentId } = sent
  return {
    apply: (draft) => {
      const current = draft.get(sent.id)
      if (current === undefined || !mayDecide(current, sent, decision, options.tabId)) {
        return { applied: false, record: current, parent: undefined }
      }
      const record = withVersions(afterDecision(current, sent, decision, options), options)
      writeRecord(draft, record, staysInLanes(draft, record, options))
      return { applied: true, record, parent: parentId === undefined ? undefined : updateParent(draft, parentId, options) }
    },
  }
}

// A proof counts whoever asked. Anything less is only for the tab that is still the sender: while it was away,
// another one may have sent the same key, and that attempt may take effect yet.
function mayDecide(current: MutationRecord, sent: MutationRecord, decision: Decision, tabId: string): boolean {
  if (current.state === 'settled' || current.state === 'dead') return false
  if (decision.next === 'settle' && decision.proven && current.state !== 'blocked' && current.state !== 'unknown') return true
  return current.state === 'sending' && current.sender === tabId && current.attempts === sent.attempts
}

/** The record after a decision. Pure. */
export function afterDecision(
  current: MutationRecord,
  sent: MutationRecord,
  decision: Decision,
  options: Pick<AcknowledgeOptions, 'now' | 'shown' | 'tell' | 'untried'>,
): MutationRecord {
  const told = options.tell ? { notifiedAt: options.now } : {}
  const idle = { sender: undefined, sendingAt: undefined }
  switch (decision.next) {
    case 'settle': {
      const { result } = decision
      const ended = result.outcome === 'success' || options.shown || sent.parentId !== undefined
      return become(current, ended ? 'settled' : 'dead', { ...idle, ...told, result, nextAttemptAt: null, resolving: undefined })
    }
    case 'wait':
      return become(current, 'waiting', {
        ...idle,
        accepted: true,
        untried: options.untried,
        ambiguous: true,
        nextAttemptAt: decision.at,
        resolving: undefined,
      })
    case 'retry': {
      const { at, ambiguous, error, strikes } = decision
      // A 401 was refused at the door; it is no attempt that anyone could have carried out.
      const counted = error.kind === 'unauthenticated' ? withoutAttempt(current) : {}
      const state = current.accepted ? 'waiting' : 'queued'
      return become(current, state, { ...idle, ...counted, nextAttemptAt: at, ambiguous, lastError: error, strikes })
    }
    case 'resolve':
      return become(current, 'queued', { ...idle, nextAttemptAt: null, lastError: decision.error, resolving: 'refused' })
    case 'block':
      return become(current, 'blocked', { ...idle, ...told, nextAttemptAt: null, lastError: decision.error })
    case 'unknown':
      return become(current, 'unknown', {
        ...idle,
        ...told,
        ambiguous: true,
        nextAttemptAt: null,
        lastError: decision.error,
        resolving: undefined,
      })
    default:
      return decision satisfies never
  }
}

function withVersions(record: MutationRecord, { versions }: AcknowledgeOptions): MutationRecord {
  return tookEffect(record) ? { ...record, ackedVersions: versions } : record
}

function tookEffect({ result }: MutationRecord): boolean {
  return result?.outcome === 'success' || result?.outcome === 'partial'
}

// Later mutations of the lane may need the version it left behind, or may turn out to be its repetition.
function staysInLanes(draft: Draft, record: MutationRecord, { rememberDone }: AcknowledgeOptions): boolean {
  if (!tookEffect(record)) return false
  if (record.result?.outcome === 'success' && (rememberDone || record.seenVersion !== undefined)) return true
  return Object.keys(record.ackedVersions ?? {}).some((lane) => draft.lane(lane).length > 1)
}
