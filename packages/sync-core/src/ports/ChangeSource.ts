import type { User } from '../identity/scopeName.js'

/**
 * What a source knows about one table's feed.
 *
 * - `connecting`: asked to join, and changes do not flow yet; meanwhile they are asked for
 * - `flowing`: every change committed from now on will be delivered, as far as the source can promise
 * - `polling`: this source never delivers changes; whoever listens has to ask for them
 * - `lost`: joining failed or the connection broke; the source goes on trying by itself
 */
export type FeedStatus = 'connecting' | 'flowing' | 'polling' | 'lost'

/** What a joined feed calls; none of them after it was left. */
export interface FeedHandlers {
  /** @param reason for a diagnostic, when something failed */
  onStatus(status: FeedStatus, reason?: string): void
  /**
   * One change as it came over the wire, unchecked: `{eventType, new, old, version?}` with the full row in `new`. It may
   * be repeated or out of order. Whatever is no whole change, such as `{hint: true}`, means that there is news in the
   * change log, which is then read within seconds.
   */
  onChange(change: unknown): void
}

/**
 * Where row changes come from: Supabase Realtime, a poll, or a team's own feed. It may lose changes
 * silently: the service repairs gaps by catch-up, so a source only makes changes arrive sooner.
 */
export interface ChangeSource {
  /** Joins the feed of `table`; at most once per table at a time. Returns leave: synchronous, idempotent. */
  join(table: string, handlers: FeedHandlers): () => void
  /**
   * Hands a fresh access token to the connection and tries lost feeds again at once. Called when the page
   * becomes visible or comes online, when the token changed, and from time to time. Never rejects.
   */
  refreshAuth(): Promise<void>
  /** Who is here, or null while nobody is: told before any table is joined for them, and after all feeds were left. */
  setUser?(user: User | null): void
  /** Leaves everything. The source is not used afterwards. */
  close(): void
}
