import type { Schema } from '@org/contracts/client'
import type { TabChannel } from '../ports/TabChannel.js'
import type { Report } from '../telemetry/report.js'

/** What tabs say to each other about one thing. Each room defines its own; here they are checked. */
export interface TabMessages<Message extends object> {
  /** The room that speaks, as a diagnostic names it. */
  readonly room: string
  /** Follows the group's name in the channel's name. */
  readonly channel: '' | `:${string}`
  /** True: each message names its tab, and its group as `scope`; one that names another group is refused. */
  readonly isScoped: boolean
  readonly schema: Schema<Message>
}

export interface TabTalkOptions<Message extends object> {
  channel: TabChannel
  /** Of the group. */
  name: string
  tabId: string
  messages: TabMessages<Message>
  report: Report
  /** A tab has spoken, so it lives. */
  onHeard: (tabId: string) => void
}

/**
 * The border to other tabs: pages of this origin, perhaps older or newer ones, perhaps none of ours. What does not
 * read as a message goes no further than this.
 */
export class TabTalk<Message extends object> {
  readonly #options: TabTalkOptions<Message>
  #hasRefused = false

  constructor(options: TabTalkOptions<Message>) {
    this.#options = options
  }

  say(message: Message): void {
    const { channel, name, tabId, messages } = this.#options
    channel.post(messages.isScoped ? { ...message, scope: name, tab: tabId } : message)
  }

  /** @param listener also told which tab spoke; '' when it does not say. @returns an unsubscribe */
  listen(listener: (message: Message, from: string) => void): () => void {
    return this.#options.channel.subscribe((raw) => {
      const message = this.#read(raw)
      if (message === undefined) return this.#refuse()
      const from = tabOf(raw)
      if (from !== '') this.#options.onHeard(from)
      listener(message, from)
    })
  }

  close(): void {
    this.#options.channel.close()
  }

  #read(raw: unknown): Message | undefined {
    const { messages, name } = this.#options
    if (typeof raw !== 'object' || raw === null) return undefined
    if (messages.isScoped && (raw as { scope?: unknown }).scope !== name) return undefined
    const parsed = messages.schema.safeParse(raw)
    return parsed.success ? parsed.data : undefined
  }

  /** Told once: whoever posts nonsense must not fill the telemetry as well. */
  #refuse(): void {
    if (this.#hasRefused) return
    this.#hasRefused = true
    const { report, messages } = this.#options
    const message = `A page of this origin said something on the channel of "${messages.room}" that no tab of this user says; it was ignored.`
    report('TAB_MESSAGE_REFUSED', message, { room: messages.room })
  }
}

function tabOf(raw: unknown): string {
  const { tab } = raw as { tab?: unknown }
  return typeof tab === 'string' ? tab : ''
}
