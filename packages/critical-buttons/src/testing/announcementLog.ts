import type { Announce, Politeness } from '../announcer/announce.js'

/** What was announced, in order. */
export interface AnnouncementLog {
  /** Give it to a provider or a button as `announce`. */
  announce: Announce
  entries: () => readonly { text: string; politeness: Politeness }[]
  texts: () => readonly string[]
  clear: () => void
}

/** Takes the place of the live regions and remembers what would have been heard. */
export function createAnnouncementLog(): AnnouncementLog {
  let entries: { text: string; politeness: Politeness }[] = []
  return {
    announce: ({ text, politeness }) => void entries.push({ text, politeness }),
    entries: () => entries,
    texts: () => entries.map(({ text }) => text),
    clear: () => {
      entries = []
    },
  }
}
