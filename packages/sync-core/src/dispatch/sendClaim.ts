import type { AnyAction } from '@org/contracts/client'
import type { ApiRequest } from '../identity/ApiClient.js'
import type { UserApi } from '../identity/UserApi.js'
import type { MutationRecord, Single } from '../mutation/MutationRecord.js'
import type { Clock } from '../ports/Clock.js'
import type { Random } from '../ports/Random.js'
import { type Acknowledged, type AcknowledgeOptions, acknowledge } from '../queue/acknowledge.js'
import type { OfflineQueue } from '../queue/OfflineQueue.js'
import type { LoopTimes } from '../telemetry/LoopTimes.js'
import { acknowledgedVersions, isLook, judge, type Verdict } from './attempt.js'
import { lookRequest, mutationRequest, resolveRequest } from './mutationRequest.js'
import type { Outlook } from './Outlook.js'
import type { Claim } from './SendSlots.js'

export interface Attempted {
  record: Single<'sending'>
  verdict: Verdict
  acknowledged: Acknowledged
}

export interface SendOptions {
  queue: OfflineQueue
  api: UserApi
  outlook: Outlook
  clock: Clock
  random: Random
  loopTimes: LoopTimes
  tabId: string
  requireKeyEcho: boolean
  findAction: (name: string) => AnyAction | undefined
  /** A mounted button shows it. */
  isShown: (record: MutationRecord) => boolean
  /** This tab has the callbacks. */
  mayTell: (record: MutationRecord) => boolean
  /** What follows is written down. */
  onAttempted: (attempted: Attempted) => void
}

/**
 * One attempt from request to record: sends, decides what follows and writes it down. The mutation is already
 * written as `sending`. Rejects only when what follows could not be written.
 * @param onAnswer called as soon as nothing of it is on the network any more
 */
export async function sendClaim({ record, permit }: Claim, options: SendOptions, onAnswer: (verdict: Verdict) => void): Promise<void> {
  const { api, clock, queue, outlook, loopTimes, findAction, onAttempted } = options
  const startedAt = clock.now()
  const action = findAction(record.action) as AnyAction
  const request = requestFor(record, action, startedAt)
  const answer = await api.request(request, permit)
  const verdict = judge(record, answer, { ...options, action, now: clock.now(), othersSucceededAt: outlook.answeredAt })
  outlook.note(record, verdict, startedAt)
  loopTimes.attempted(record, verdict.outcome, startedAt)
  const writing = queue.run(acknowledge(record, verdict.decision, acknowledgeOptions(record, action, verdict, options)))
  onAnswer(verdict)
  onAttempted({ record, verdict, acknowledged: await writing })
}

function requestFor(record: Single<'sending'>, action: AnyAction, sentAt: number): ApiRequest {
  if (record.resolving === undefined) return mutationRequest(record, action, sentAt)
  return isLook(record.resolving) ? lookRequest(record, sentAt) : resolveRequest(record, sentAt)
}

function acknowledgeOptions(
  record: Single<'sending'>,
  action: AnyAction,
  { outcome, decision }: Verdict,
  { clock, isShown, mayTell }: SendOptions,
): AcknowledgeOptions {
  const isExpected = outcome.kind === 'refused' && outcome.code.startsWith('ALREADY_')
  const ends = decision.next === 'settle' || decision.next === 'unknown'
  return {
    now: clock.now(),
    shown: isExpected || isShown(record),
    tell: ends && mayTell(record),
    versions: outcome.kind === 'success' || outcome.kind === 'partial' ? acknowledgedVersions(record, action, outcome.body) : {},
    combine: action.combine,
    untried: outcome.kind === 'accepted' && action.isUntried?.(outcome.body) === true,
  }
}
