import type { SyncClient } from '@org/critical-buttons'

/** A row as the client shows it: what the server said, with clicks under way folded in. */
export type RowView = ReturnType<SyncClient['getRows']>[number]
