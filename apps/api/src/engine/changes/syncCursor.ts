/** A place in the change log. `xid` and `seq` are decimal text: they may exceed what a JavaScript number holds. */
export interface SyncCursor {
  epoch: string
  xid: string
  seq: string
}

// 18 digits stay below both the unsigned xid8 and the signed bigint, so that Postgres can always read them.
const CURSOR = /^([A-Za-z0-9-]{1,64})\.(\d{1,18})\.(\d{1,18})$/

/** Reads `epoch.xid.seq`; null when it is no cursor, which counts as one that is gone. */
export function parseCursor(text: string): SyncCursor | null {
  const [, epoch, xid, seq] = CURSOR.exec(text) ?? []
  return epoch === undefined || xid === undefined || seq === undefined ? null : { epoch, xid, seq }
}
