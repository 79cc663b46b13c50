/**
 * A place in the change log: a change that exists, and the epoch it belongs to. Numbers are decimal text: they may
 * exceed what a JavaScript number holds.
 */
export interface SyncCursor {
  epoch: string
  xid: string
  seq: string
  /** When the change was written, in microseconds since 1970: after a crash Postgres may use the other two again. */
  at: string
  /** Proof that we gave this cursor. */
  seal: string
}

// 18 digits stay below both the unsigned xid8 and the signed bigint, so that Postgres can always read them. What begins with
// a zero it takes for an octal number, and 09 for none: one such cursor would fail the look of all who wait with it.
const CURSOR = /^([A-Za-z0-9-]{1,64})\.(0|[1-9]\d{0,17})\.(0|[1-9]\d{0,17})\.(0|[1-9]\d{0,17})\.([0-9a-f]{1,64})$/

/** Reads `epoch.xid.seq.at.seal`; null when it is no cursor, which counts as one that is gone. */
export function parseCursor(text: string): SyncCursor | null {
  const [, epoch, xid, seq, at, seal] = CURSOR.exec(text) ?? []
  if (epoch === undefined || xid === undefined || seq === undefined || at === undefined || seal === undefined) return null
  return { epoch, xid, seq, at, seal }
}
