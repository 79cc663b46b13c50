/** What a look is about: a `key`, a `person`, a word of a module's, or a row by its tracked table's name, in the singular too. */
export interface Subject {
  kind: string
  id: string
}

/** Whose records are looked at: one organisation's, or every one's. */
export interface Asked {
  subject: Subject
  /** Null: of every organisation. */
  tenant: string | null
}

/** What names a click: everywhere together. */
export interface ClickName {
  tenant: string
  actor: string
  key: string
}

/** One thing that happened. `text` says it to a person; the other fields to a program. */
export interface TimelineEvent {
  /** ISO 8601, milliseconds, Z; the database's clock. */
  at: string
  kind: string
  text: string
  [field: string]: unknown
}

/** How something stands now, in one sentence, with what it is about. */
export interface Verdict {
  about: string
  id: string
  text: string
  [field: string]: unknown
}

/** What is known of a subject. */
export interface Timeline {
  verdicts: Verdict[]
  /** The oldest first. */
  events: TimelineEvent[]
  /** True when there are older clicks than these. */
  more: boolean
}

/** What a module knows beside the ledger and the rows. */
export interface TimelineSource {
  /** What it can be asked for, beside clicks, persons and rows. */
  words: readonly string[]
  /** @param asked with the table's own name as kind where it is about a row; `clicks`: those found so far, by what their answers are computed from */
  look(asked: Asked & { refs: readonly string[] }): Promise<Omit<Timeline, 'more'> & { clicks: readonly ClickName[] }>
}

/** At most this many clicks of one look, the newest first. */
export const MOST_CLICKS = 50
