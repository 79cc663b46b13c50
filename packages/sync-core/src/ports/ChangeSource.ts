/**
 * What a source knows about one table's feed.
 *
 * - `connecting`: asked to join, no answer yet
 * - `joined`: the join was accepted, but changes may not flow yet (Supabase says SUBSCRIBED seconds too early)
 * - `flowing`: every change committed from now on will be delivered, as far as the source can promise
 * - `polling`: this source never delivers changes; the service has to ask for them
 * - `lost`: was joined or tried to; the source goes on trying by itself
 * - `denied`: refused; the source tries again only after `refreshAuth`
 */
export type FeedStatus =
  | { kind: 'connecting' }
  | { kind: 'joined' }
  | { kind: 'flowing' }
  | { kind: 'polling' }
  | { kind: 'lost'; reason: string }
  | { kind: 'denied'; reason: string }

/** What a joined table calls. None of them after the feed was left. */
export interface FeedHandlers {
  onStatus(status: FeedStatus): void
  /**
   * One change as it came over the wire, unchecked: `{eventType, new, old, errors?}`. It may be
   * incomplete, repeated or out of order; the service checks it.
   */
  onChange(change: unknown): void
}

/**
 * Where row changes come from: Supabase Realtime, a poll, or a team's own feed. It may lose changes
 * silently: the service repairs gaps by catch-up, a source only makes them arrive sooner.
 */
export interface ChangeSource {
  /** Joins the feed of `table`; at most once per table at a time. Returns leave: synchronous, idempotent. */
  join(table: string, handlers: FeedHandlers): () => void
  /**
   * Hands a fresh access token to the connection and tries denied or lost feeds again at once. Called when
   * the page becomes visible, comes online, or the token changed. Never rejects.
   */
  refreshAuth(): Promise<void>
  /** Leaves everything. The source is not used afterwards. */
  close(): void
}
