import type { Schema } from '@org/contracts/client'
import type { OpenTabChannel, TabChannel } from '../ports/TabChannel.js'
import type { Report } from '../telemetry/report.js'

/** What tabs say to each other about one thing. Each room defines its own; here they are checked. */
export interface TabMessages<Message extends object> {
  /** The room that speaks, as a diagnostic names it. */
  readonly room: string
  /** Follows the group's name in the channel's name. */
  readonly channel: '' | `:${string}`
  readonly schema: Schema<Message>
}

export interface TabTalkOptions<Message extends object> {
  openTabChannel: OpenTabChannel
  /** Of the group: each message names it as `scope`, and its tab; one that names another group is refused. */
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
  readonly #channel: TabChannel
  #hasRefused = false

  constructor(options: TabTalkOptions<Message>) {
    this.#options = options
    this.#channel = options.openTabChannel(`${options.name}${options.messages.channel}`)
  }

  say(message: Message): void {
    const { name, tabId } = this.#options
    this.#channel.post({ ...message, scope: name, tab: tabId })
  }

  /** Until it is closed. @param listener also told which tab spoke; '' when it does not say */
  listen(listener: (message: Message, from: string) => void): void {
    const { messages, name, onHeard } = this.#options
    this.#channel.subscribe((raw) => {
      const { scope, tab } = (raw ?? {}) as { scope?: unknown; tab?: unknown }
      const parsed = messages.schema.safeParse(raw)
      if (!parsed.success || scope !== name) return this.#refuse()
      const from = typeof tab === 'string' ? tab : ''
      onHeard(from)
      listener(parsed.data, from)
    })
  }

  close(): void {
    this.#channel.close()
  }

  /** Told once: whoever posts nonsense must not fill the telemetry as well. */
  #refuse(): void {
    if (this.#hasRefused) return
    this.#hasRefused = true
    const { report, messages } = this.#options
    report('TAB_MESSAGE_REFUSED', { room: messages.room })
  }
}
