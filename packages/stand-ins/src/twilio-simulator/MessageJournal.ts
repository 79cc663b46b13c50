import { appendFileSync, readFileSync } from 'node:fs'
import type { Message } from './Message.js'

/** Where messages outlive the simulator. */
export interface MessageJournal {
  /** What an earlier run wrote, each message as it was last, oldest first. */
  readonly earlier: readonly Message[]
  /** Written before it returns: what was accepted is known after a `kill -9`. */
  write(message: Message): void
}

/** A journal that keeps nothing. */
export const noJournal: MessageJournal = { earlier: [], write: () => undefined }

/**
 * A file with a line of JSON for each change of a message; the last one of a sid counts.
 * A process that was killed may leave half a line at the end: it is left out.
 */
export function openMessageJournal(file: string): MessageJournal {
  const text = read(file)
  const messages = new Map<string, Message>()
  for (const line of text.split('\n')) {
    const message = parse(line)
    if (message !== null) messages.set(message.sid, message)
  }
  const append = (line: string) => appendFileSync(file, `${line}\n`, { mode: 0o600 })
  // Ends the torn line, so that the next one does not go on in it.
  if (text !== '' && !text.endsWith('\n')) append('')
  return { earlier: [...messages.values()], write: (message) => append(JSON.stringify(message)) }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

function parse(line: string): Message | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && 'sid' in value ? (value as Message) : null
  } catch {
    return null
  }
}
