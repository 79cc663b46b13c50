import type { Proof } from './proof.js'

/** One click that a client took. */
export interface Click {
  /** The idempotency key. */
  id: string
  kind: 'booking' | 'sms' | 'status' | 'bulk'
  /** Who was shown as signed in when it was clicked. */
  actor: string
  /** The text of an SMS, one of its own for each click; null for other kinds. */
  text: string | null
  /** It reached storage: from here on nothing may lose it. */
  stored: boolean
  /** Its ending was shown or told in some tab. */
  told: boolean
}

/** What a tab shows of a click. */
export interface Label {
  id: string
  tab: string
  phase: string
  code: string | null
}

export interface Fault {
  rule: 'lost' | 'doubled' | 'another name' | 'nobody clicked' | 'false label' | 'left in memory'
  id: string
  what: string
}

/** Effects that should not be there, whatever is shown. Pure. */
export function judgeEffects(clicks: ReadonlyMap<string, Click>, proof: Proof): Fault[] {
  return [...proof.effects.values()].flatMap((effect) => {
    const click = clicks.get(effect.key)
    if (click === undefined) return [{ rule: 'nobody clicked', id: effect.key, what: `${effect.rows.join(', ')} changed` }]
    const faults: Fault[] = []
    if (effect.actor !== click.actor)
      faults.push({ rule: 'another name', id: click.id, what: `${click.actor} clicked, ${effect.actor} stands there` })
    if (new Set(effect.rows).size < effect.rows.length) faults.push({ rule: 'doubled', id: click.id, what: effect.rows.join(', ') })
    const accepted = sentOf(click, proof)
    if (accepted > 1) faults.push({ rule: 'doubled', id: click.id, what: `${accepted} SMS went out` })
    return faults
  })
}

/**
 * Labels that the server can contradict. Pure.
 * @param before what the server could prove before the labels were read: an `error` must have been true then already
 * @param after what it can prove after: a `success` must have happened by then
 */
export function judgeLabels(
  labels: readonly Label[],
  { clicks, before, after }: { clicks: ReadonlyMap<string, Click>; before: Proof; after: Proof },
): Fault[] {
  return labels.flatMap(({ id, tab, phase, code }): Fault[] => {
    const click = clicks.get(id)
    if (click === undefined) return []
    const shown = `${tab} shows ${phase}${code === null ? '' : ` (${code})`}`
    if (phase === 'success' && !isDone(click, after) && !hadNothingToDo(click, after))
      return [{ rule: 'false label', id, what: `${shown}, the server has done nothing` }]
    if ((phase === 'error' || phase === 'conflict') && isDone(click, before)) {
      return [{ rule: 'false label', id, what: `${shown}, the server has done it` }]
    }
    return []
  })
}

/**
 * Clicks of which nothing is left. Pure. For the end, when everybody has been signed in again.
 * @param visible keys that a tab still shows as unfinished or waiting for a person
 */
export function judgeLoss(clicks: ReadonlyMap<string, Click>, proof: Proof, visible: ReadonlySet<string>): Fault[] {
  return [...clicks.values()]
    .filter((click) => click.stored && !click.told && !isDone(click, proof) && !visible.has(click.id))
    .map(({ id, kind, actor }) => ({
      rule: 'lost',
      id,
      what: `${kind} of ${actor} has neither an effect nor an ending, and nobody shows it`,
    }))
}

/** The server did what was asked, as its rows or the carrier's list of messages show. */
export function isDone(click: Click, proof: Proof): boolean {
  return click.text === null ? proof.effects.has(click.id) : sentOf(click, proof) > 0
}

// A bulk whose leads all had the status already succeeds without changing a row.
function hadNothingToDo({ id, kind }: Click, { succeeded }: Proof): boolean {
  return kind === 'bulk' && succeeded.has(id)
}

function sentOf({ text }: Click, { accepted }: Proof): number {
  return text === null ? 0 : (accepted.get(text) ?? 0)
}
