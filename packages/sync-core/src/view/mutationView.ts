import type { AnyAction } from '@org/contracts/client'
import type { Rest } from '../dispatch/Pauses.js'
import type { IdentityReason } from '../identity/IdentityState.js'
import type { MutationRecord, MutationResult, Single } from '../mutation/MutationRecord.js'
import { attemptsOf, failuresOf, isAccepted, isAmbiguous, isBulk, isUnread, plannedFor, resultOf } from '../mutation/mutationState.js'
import { numberIn } from '../retry/answerBody.js'
import type { MutationPhase, MutationProgress, MutationView } from '../SyncClient.js'
import { errorOf } from './mutationError.js'

/** What keeps all of a user's clicks from being sent; `asking`: it is being found out who is signed in. */
export type Held = IdentityReason | 'asking'

/** What a person is told of it. */
const HELD_CODES: Readonly<Record<IdentityReason, string>> = {
  'token-unavailable': 'TOKEN_UNAVAILABLE',
  'token-refused': 'UNAUTHENTICATED',
  'api-unreachable': 'OFFLINE',
  'api-misconfigured': 'NO_ECHO',
  'actor-differs': 'ACTOR_MISMATCH',
}
/** Refusals that speak of who is signed in: told as long as that is what keeps it waiting. */
const OF_IDENTITY: readonly (string | undefined)[] = ['UNAUTHENTICATED', 'ACTOR_MISMATCH']

/** What a view depends on beside the record itself. */
export interface ViewContext {
  online: boolean
  /** Why nothing of this user's may be sent now; null: it may. */
  heldBy: Held | null
  tabId: string
  durability: 'disk' | 'memory'
  action: AnyAction | undefined
  /** What the server asked to leave alone, this action with it. */
  rest: Rest | undefined
  /** Clicks wait for a place on the network. */
  isCrowded: boolean
  /** Of a bulk mutation, in order. */
  children: readonly MutationRecord[]
  /** Whether something ahead of it, which waits itself, keeps it waiting. */
  isHeldUp: (record: MutationRecord) => boolean
}

/** A mutation as components see it. Pure. */
export function toView(record: MutationRecord, context: ViewContext): MutationView {
  const phase = phaseOf(record, context)
  const isSettled = SETTLED.includes(phase)
  const result = resultOf(record)
  const acting = withReason(context.children.length > 0 ? mostActive(context.children) : record, context)
  const attempt = Math.max(attemptsOf(acting), context.children.some(hasLeft) ? 1 : 0)
  const hasData = result?.outcome === 'success' || result?.outcome === 'partial'
  return {
    id: record.id,
    actionName: record.action,
    request: record.request,
    lanes: record.lanes,
    phase,
    attempt,
    failures: Math.max(0, attempt - (phase === 'success' || acting.state === 'sending' || isAccepted(acting) ? 1 : 0)),
    maxAttempts: record.maxAttempts,
    nextRetryAt: nextRetryAt(acting, context),
    expiresAt: record.createdAt + Math.min(record.expiresAfterMs ?? Infinity, context.action?.ttlMs ?? Infinity),
    submittedAt: record.createdAt,
    waitsFor: isSettled ? undefined : context.online ? reasonOf(context) : 'network',
    ambiguous: isAmbiguous(record) || context.children.some(isAmbiguous),
    untried: phase === 'checking' && !isBulk(record) && record.accepted?.untried === true,
    durability: context.durability,
    ownTab: record.origin.tabId === context.tabId,
    progress: progressOf(record, context),
    unreadable: isUnread(result),
    data: hasData && !isUnread(result) ? result.body : undefined,
    error: errorOf({ ...(result === undefined ? acting : record), result }, (body) => context.action?.rows(body) ?? []),
    settled: isSettled,
  }
}

/** An attempt at this part was begun: what it belongs to is not wholly on this device any more. */
function hasLeft(child: MutationRecord): boolean {
  return attemptsOf(child) > 0
}

/** Nothing more happens by itself. */
const SETTLED: readonly MutationPhase[] = ['success', 'partial', 'conflict', 'error', 'unknown']

function phaseOf(record: MutationRecord, context: ViewContext): MutationPhase {
  switch (record.state) {
    case 'queued':
      return isBulk(record) ? activePhase(context) : sendingPhase(record, context)
    case 'sending':
      return sendingPhase(record, context)
    // It may have arrived, and goes on by itself.
    case 'waiting':
    case 'blocked':
      return 'checking'
    case 'unknown':
      return 'unknown'
    case 'settled':
    case 'dead':
      return SETTLED.find((phase) => phase === record.result.outcome) ?? 'error'
    default:
      return record satisfies never
  }
}

function sendingPhase(record: Single<'queued' | 'sending'>, { online, rest, isCrowded, heldBy, isHeldUp }: ViewContext): MutationPhase {
  if (record.accepted || record.probes !== null || record.resolving !== undefined) return 'checking'
  if (rest?.isCircuit || record.lastError?.code === 'CIRCUIT_BREAKER_OPEN') return 'circuit-open'
  if (record.state === 'queued' && (!online || heldBy !== null)) return 'queued'
  const failures = failuresOf(record)
  if (failures >= record.maxAttempts || isHeldUp(record)) return 'queued'
  if (failures > 0) return 'retrying'
  return record.state === 'queued' && (rest || isCrowded) ? 'queued' : 'running'
}

function nextRetryAt(record: MutationRecord, { rest }: ViewContext): number | null {
  if (record.state !== 'queued' && record.state !== 'waiting') return null
  return rest ? Math.max(rest.until, plannedFor(record) ?? 0) : plannedFor(record)
}

/** What keeps all of a user's clicks waiting, once that is known. */
function reasonOf({ heldBy }: ViewContext): IdentityReason | undefined {
  return heldBy === null || heldBy === 'asking' ? undefined : heldBy
}

// What keeps everything waiting is the reason for as long as there is no better one, also of a click that was never tried.
function withReason(record: MutationRecord, context: ViewContext): MutationRecord {
  if (record.state !== 'queued') return record
  const reason = reasonOf(context)
  if (reason !== undefined) {
    return { ...record, lastError: { kind: 'identity', code: HELD_CODES[reason], status: null, at: record.createdAt } }
  }
  return OF_IDENTITY.includes(record.lastError?.code) ? { ...record, lastError: null } : record
}

// A bulk mutation is doing what its liveliest child does.
function activePhase(context: ViewContext): MutationPhase {
  if (context.children.length === 0) return 'running'
  const child = mostActive(context.children)
  return child.state === 'settled' ? 'running' : phaseOf(child, context)
}

function mostActive(children: readonly MutationRecord[]): MutationRecord {
  const rank = { sending: 0, queued: 1, waiting: 2, blocked: 3, unknown: 4, dead: 5, settled: 6 }
  return children.reduce((best, child) => (rank[child.state] < rank[best.state] ? child : best), children[0]!)
}

function progressOf(record: MutationRecord, { action, children }: ViewContext): MutationProgress {
  const progress = { processed: 0, total: 0, failed: 0 }
  for (const part of children.length > 0 ? children : [record]) {
    const rows = action?.split === undefined ? 1 : part.lanes.length
    const result = resultOf(part)
    progress.total += rows
    // Taken back in time, it is neither done nor failed.
    if (result?.outcome === 'cancelled') continue
    progress.processed += result ? rows : 0
    progress.failed += result ? failedRows(result, rows) : 0
  }
  return progress
}

function failedRows({ outcome, body }: MutationResult, rows: number): number {
  if (outcome === 'success') return 0
  return (outcome === 'partial' ? numberIn(body, 'failed') : undefined) ?? rows
}
