import type { MutationRecord } from '../mutation/MutationRecord.js'
import { holdsLanes } from '../mutation/mutationState.js'

/** One mutation in a lane: position, key, and whether it keeps later ones waiting. */
export type LaneItem = readonly [seq: number, id: string, holds: boolean]

/** What storage keeps of a lane, so that a claim reads one entry instead of the whole queue. */
export interface Lane {
  /** Unfinished mutations that a click may still join, by seq. */
  readonly items: readonly LaneItem[]
  /** The row version that one's own last mutation of this lane left behind, and when. */
  readonly acked?: { readonly version: number; readonly at: number }
  /** The last mutation of this lane that succeeded. */
  readonly done?: { readonly id: string; readonly at: number }
}

export const EMPTY_LANE: Lane = { items: [] }

export function laneKey(lane: string): string {
  return `lane:${lane}`
}

/** Reads a lane's entry; anything that is none counts as empty, which costs order but no mutation. */
export function toLane(value: unknown): Lane {
  return typeof value === 'object' && value !== null && Array.isArray((value as Lane).items) ? (value as Lane) : EMPTY_LANE
}

/** The lane with the record where its state says it belongs: in its place, or gone. */
export function placeInLane(lane: Lane, record: MutationRecord): Lane {
  const others = lane.items.filter(([, id]) => id !== record.id)
  if (record.seq === null || !isJoinable(record)) return { ...lane, items: others }
  const item: LaneItem = [record.seq, record.id, holdsLanes(record)]
  const before = others.filter(([seq]) => seq < item[0])
  return { ...lane, items: [...before, item, ...others.slice(before.length)] }
}

/** True when no earlier mutation keeps this one waiting. */
export function isFirstInLane(lane: Lane, record: MutationRecord): boolean {
  const head = lane.items.find(([, , holds]) => holds)
  return head === undefined || head[1] === record.id || (record.seq !== null && head[0] > record.seq)
}

/** The last unfinished mutation of the lane. */
export function lastInLane(lane: Lane): string | undefined {
  return lane.items.at(-1)?.[1]
}

/** Nothing worth an entry. */
export function isForgettable(lane: Lane): boolean {
  return lane.items.length === 0 && lane.acked === undefined && lane.done === undefined
}

/** A click that means the same as this one need not become another mutation. */
export function isJoinable(record: MutationRecord): boolean {
  return record.state !== 'settled' && record.state !== 'dead' && record.state !== 'unknown'
}
