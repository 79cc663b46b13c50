import type { MutationRecord } from '../mutation/MutationRecord.js'
import { sameRequest } from '../mutation/sameRequest.js'
import { isJoinable, isRecent, isTakenOver } from './lanes.js'
import type { QueueMirror } from './QueueMirror.js'

/** The pending mutation that this click repeats, as far as this tab knows: the last one in each of its lanes. */
export function findPending(mirror: QueueMirror, click: MutationRecord): MutationRecord | undefined {
  return findInLanes(mirror, click, isJoinable)
}

/** The mutation that this click repeats and that has just succeeded. */
export function findRepeated(mirror: QueueMirror, click: MutationRecord, now: number, windowMs: number): MutationRecord | undefined {
  return findInLanes(mirror, click, (record) => isRecent(record, now, windowMs))
}

/** The mutation that this click repeats and that the server has taken over, though another may have followed it. */
export function findTakenOver(mirror: QueueMirror, click: MutationRecord): MutationRecord | undefined {
  return [...mirror.inLane(click.lanes[0] ?? '')]
    .map((id) => mirror.get(id))
    .findLast((record) => record !== undefined && isTakenOver(record) && isRepeatedBy(record, click))
}

function findInLanes(mirror: QueueMirror, click: MutationRecord, matters: (record: MutationRecord) => boolean): MutationRecord | undefined {
  let found: MutationRecord | undefined
  for (const lane of click.lanes) {
    let last: MutationRecord | undefined
    for (const id of mirror.inLane(lane)) {
      const record = mirror.get(id)
      if (record !== undefined && matters(record) && (last === undefined || isLater(record, last))) last = record
    }
    if (last === undefined || (found !== undefined && last.id !== found.id)) return undefined
    found = last
  }
  return found !== undefined && isRepeatedBy(found, click) ? found : undefined
}

function isRepeatedBy(record: MutationRecord, click: MutationRecord): boolean {
  return record.action === click.action && sameRequest(record.request, click.request)
}

function isLater(record: MutationRecord, other: MutationRecord): boolean {
  return (record.seq ?? Number.MAX_SAFE_INTEGER) >= (other.seq ?? Number.MAX_SAFE_INTEGER)
}
