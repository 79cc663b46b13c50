import { randomBytes } from 'node:crypto'
import type { Message } from './Message.js'
import { type MessageJournal, noJournal } from './MessageJournal.js'
import type { ValidMessage } from './validateMessage.js'

/** A long chaos run must not fill the memory; the oldest go first. */
const MOST_MESSAGES = 100_000

export interface NewMessage extends ValidMessage {
  direction: Message['direction']
  /** Epoch ms. */
  at: number
}

/** Every message the simulator accepted or brought in, oldest first. */
export class MessageLog {
  readonly #messages: Map<string, Message>
  readonly #journal: MessageJournal

  constructor(journal: MessageJournal = noJournal) {
    this.#journal = journal
    this.#messages = new Map(journal.earlier.slice(-MOST_MESSAGES).map((message) => [message.sid, message]))
  }

  add({ at, ...fields }: NewMessage): Message {
    const inbound = fields.direction === 'inbound'
    const message: Message = {
      ...fields,
      sid: `SM${randomBytes(16).toString('hex')}`,
      createdAt: at,
      updatedAt: at,
      sentAt: inbound ? at : null,
      status: inbound ? 'received' : 'queued',
      errorCode: null,
    }
    this.#messages.set(message.sid, message)
    this.#dropOldest()
    this.save(message)
    return message
  }

  /** Keeps what changed about a message. */
  save(message: Message): void {
    this.#journal.write(message)
  }

  find(sid: string): Message | undefined {
    return this.#messages.get(sid)
  }

  all(): Message[] {
    return [...this.#messages.values()]
  }

  /** Those we sent. */
  outbound(): Message[] {
    return this.all().filter((message) => message.direction === 'outbound-api')
  }

  #dropOldest(): void {
    const oldest = this.#messages.keys().next()
    if (this.#messages.size > MOST_MESSAGES && !oldest.done) this.#messages.delete(oldest.value)
  }
}
