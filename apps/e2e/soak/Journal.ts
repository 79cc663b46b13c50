import type { TelemetryEvent } from '@org/sync-core'
import type { Click, Label } from './judge.js'
import type { Clicked, Ended } from './page/main.js'

const ENDED = new Set(['success', 'partial', 'conflict', 'error', 'unknown'])
// What was asked for stands, as every screen shows: when the tab that learns it dies at once, nobody has anything left to decide.
const STANDS_ALREADY = new Set<string>(['ALREADY_CONFIRMED', 'ALREADY_HAS_STATUS'])
const WATCHED = 300
const LONGEST_STORY = 30

/** What tabs told and showed of each click. */
export class Journal {
  readonly clicks = new Map<string, Click>()
  readonly diagnostics = new Map<string, number>()
  readonly #story = new Map<string, string[]>()
  readonly #notes: string[] = []
  // Events of a click may arrive before the click itself.
  readonly #stored = new Set<string>()
  readonly #told = new Set<string>()

  hear(event: TelemetryEvent | Clicked | Ended, tab: string): void {
    this.#remember(event, tab)
    if (event.type === 'clicked') this.#click(event)
    else if (event.type === 'diagnostic') this.diagnostics.set(event.code, (this.diagnostics.get(event.code) ?? 0) + 1)
    else if (event.type === 'stored' && event.durability === 'disk') this.#mark(event.mutationId, this.#stored, 'stored')
    else if (event.type === 'ended') this.#mark(event.id, this.#told, 'told')
    else if (event.type === 'settled') this.#mark(event.mutationId, this.#told, 'told')
    else if (event.type === 'attempt' && STANDS_ALREADY.has(event.code ?? '')) this.#mark(event.mutationId, this.#told, 'told')
  }

  see(labels: readonly Label[]): void {
    for (const { id, phase } of labels) if (ENDED.has(phase)) this.#mark(id, this.#told, 'told')
  }

  /** Keys whose labels are worth looking at: all that have not ended, and the newest. */
  watched(): string[] {
    const all = [...this.clicks.values()]
    return [...new Set([...all.filter(({ told }) => !told), ...all.slice(-WATCHED)].map(({ id }) => id))]
  }

  /** Stored clicks of which no tab has told an ending. */
  waiting(): Click[] {
    return [...this.clicks.values()].filter(({ stored, told }) => stored && !told)
  }

  /** Something that happened to the whole browser, for the stories of all clicks made before. */
  note(what: string): void {
    this.#notes.push(`${clockTime()} ${what}`)
  }

  /** What was told of a click, in order, and what happened to the browser since, for whoever has to find out why. */
  story(id: string): readonly string[] {
    const own = this.#story.get(id) ?? []
    return [...own, ...this.#notes.filter((note) => note > (own[0] ?? '')).slice(0, LONGEST_STORY)]
  }

  #remember(event: TelemetryEvent | Clicked | Ended, tab: string): void {
    if (event.type === 'diagnostic') return
    const { type, ...rest } = event
    const { id, mutationId = id, closure: _closure, ...told } = rest as { id?: string; mutationId?: string; closure?: unknown }
    const line = `${clockTime()} ${tab} ${type} ${JSON.stringify(told)}`
    this.#story.set(mutationId ?? '', [...(this.#story.get(mutationId ?? '') ?? []), line].slice(-LONGEST_STORY))
  }

  #click({ id, kind, actor, text }: Clicked): void {
    // A click that joined a pending one has its key.
    if (this.clicks.has(id)) return
    this.clicks.set(id, { id, kind, actor, text, stored: this.#stored.has(id), told: this.#told.has(id) })
  }

  #mark(id: string, marked: Set<string>, field: 'stored' | 'told'): void {
    marked.add(id)
    const click = this.clicks.get(id)
    if (click !== undefined) click[field] = true
  }
}

function clockTime(): string {
  return new Date().toISOString().slice(11, 23)
}
