import type { Journal } from './Journal.js'
import { type Click, type Fault, judgeEffects, judgeLabels, judgeLoss, type Label } from './judge.js'
import type { Proof, ProofReader } from './proof.js'
import type { Tab } from './Tab.js'
import type { Tabs } from './Tabs.js'

// Other tabs learn of a change by message; what is still wrong after this long, stays wrong.
const SECOND_LOOK_MS = 3_000

export interface CheckerOptions {
  tabs: Tabs
  journal: Journal
  proofs: ProofReader
  /** Sabotage, for a test of the checker: shows what is not so. */
  falsify?: (label: Label) => Label
}

/** Compares what tabs show with what the server can prove, and remembers what is wrong. */
export class Checker {
  readonly faults: Fault[] = []
  readonly #options: CheckerOptions
  readonly #known = new Set<string>()

  constructor(options: CheckerOptions) {
    this.#options = options
  }

  async look(): Promise<void> {
    const { journal, proofs } = this.#options
    const first = await this.#falseLabels()
    this.#add(judgeEffects(journal.clicks, await proofs.read()))
    if (first.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, SECOND_LOOK_MS))
    const still = await this.#falseLabels()
    this.#add(still.filter(({ what, id }) => first.some((fault) => fault.id === id && fault.what === what)))
  }

  /** For the end: `visible` are keys that somebody still sees as unfinished. */
  async lookForLoss(visible: ReadonlySet<string>): Promise<Proof> {
    const proof = await this.#options.proofs.read()
    this.#add(judgeLoss(this.#options.journal.clicks, proof, visible))
    return proof
  }

  /** Tabs whose storage works again must go back to it within `withinMs`. */
  async lookForMemory(withinMs: number): Promise<void> {
    const endsAt = Date.now() + withinMs
    let left = await this.#options.tabs.inMemory()
    while (left.length > 0 && Date.now() < endsAt) {
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      left = await this.#options.tabs.inMemory()
    }
    this.#add(left.map((id) => ({ rule: 'left in memory', id, what: `storage worked for ${withinMs / 1_000} s and was not used` })))
  }

  async #falseLabels(): Promise<Fault[]> {
    const { tabs, journal, proofs, falsify = (label: Label) => label } = this.#options
    const before = await proofs.read()
    const labels = (await Promise.all(tabs.alive.map((tab) => labelsOf(tab, journal.watched())))).flat().map(falsify)
    journal.see(labels)
    const bulks = labels.map(({ id }) => journal.clicks.get(id)).filter((click) => click?.kind === 'bulk')
    const asked = bulks.filter((click) => click !== undefined && !before.effects.has(click.id) && !before.succeeded.has(click.id))
    const after = await proofs.read(asked as Click[])
    return judgeLabels(labels, { clicks: journal.clicks, before, after })
  }

  #add(faults: readonly Fault[]): void {
    for (const fault of faults) {
      const name = `${fault.rule} ${fault.id}`
      if (this.#known.has(name)) continue
      this.#known.add(name)
      this.faults.push(fault)
      const { journal } = this.#options
      const story = [JSON.stringify(journal.clicks.get(fault.id)), ...journal.story(fault.id)]
      console.warn([`FAULT ${fault.rule}: ${fault.what} (${fault.id})`, ...story].join('\n  '))
    }
  }
}

async function labelsOf(tab: Tab, ids: readonly string[]): Promise<Label[]> {
  const labels = await tab.ask((asked) => soak.labels(asked), ids)
  return (labels ?? []).map((label) => ({ ...label, tab: tab.name }))
}
