import type { FeedStatus } from '../ports/ChangeSource.js'
import type { TabChannel } from '../ports/TabChannel.js'
import type { Report } from '../telemetry/report.js'

/** What tabs tell each other about the one connection they share. Each repeats whose it is. */
export type TabMessage = { scope: string; from: string; term: number } & (
  | { type: 'lead'; feeds: Readonly<Record<string, FeedStatus>> }
  | { type: 'status'; table: string; status: FeedStatus; reason?: string | undefined }
  | { type: 'change'; table: string; change: unknown }
  /** A follower: these tables, please. None: it goes. */
  | { type: 'want'; tables: readonly string[] }
)

/** Reads a message of another tab, perhaps of an older or newer page; null when it is none for `scope`. */
function readTabMessage(message: unknown, scope: string): TabMessage | null {
  const { type, from, term, ...rest } = (message ?? {}) as Record<string, unknown>
  if (rest.scope !== scope || typeof from !== 'string' || typeof term !== 'number' || !Number.isFinite(term)) return null
  const isReadable =
    type === 'lead'
      ? typeof rest.feeds === 'object' && rest.feeds !== null
      : type === 'want'
        ? Array.isArray(rest.tables) && rest.tables.every((table) => typeof table === 'string')
        : (type === 'status' || type === 'change') && typeof rest.table === 'string'
  return isReadable ? (message as TabMessage) : null
}

type Body<M> = M extends unknown ? Omit<M, 'scope' | 'from'> : never

export interface TabTalkOptions {
  channel: TabChannel
  /** hash(tenant, user). */
  scope: string
  /** Of this tab. */
  tabId: string
  report: Report
}

/** What the tabs of one user say to each other. Anything else that is said there goes no further than this. */
export function createTabTalk({ channel, scope, tabId, report }: TabTalkOptions) {
  let hasRefused = false

  /** Told once: whoever posts nonsense must not fill the telemetry as well. */
  function refuse(): void {
    if (hasRefused) return
    hasRefused = true
    report(
      'TAB_MESSAGE_REFUSED',
      'A page of this origin said something on the realtime channel that no tab of this user says; it was ignored.',
    )
  }

  return {
    post: (message: Body<TabMessage>): void => channel.post({ ...message, scope, from: tabId }),
    /** Returns an unsubscribe. */
    listen: (listener: (message: TabMessage) => void): (() => void) =>
      channel.subscribe((raw) => {
        const message = readTabMessage(raw, scope)
        if (message === null) refuse()
        else listener(message)
      }),
    close: (): void => channel.close(),
  }
}
