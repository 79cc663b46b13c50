import type { LeadRow } from '@org/contracts'
import { flushSync } from 'react-dom'
import { createRoot, type Root } from 'react-dom/client'
import { type Contestant, criticalButtons, jotaiAtoms, keyedStore, queryMutations } from './contestants.js'
import { makeLeads, nextVersion } from './rows.js'

const BATCH = 20

const ALL = { criticalButtons, jotaiAtoms, keyedStore, queryMutations }

async function open(contestant: Contestant): Promise<{ root: Root; mountMs: number; container: HTMLElement }> {
  const container = document.body.appendChild(document.createElement('div'))
  const root = createRoot(container)
  const began = performance.now()
  flushSync(() => root.render(contestant.content))
  // Effects (subscriptions) belong to mounting too.
  await nextTask()
  return { root, mountMs: performance.now() - began, container }
}

function close(contestant: Contestant, { root, container }: { root: Root; container: HTMLElement }): void {
  flushSync(() => root.unmount())
  container.remove()
  contestant.close()
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

async function make(name: keyof typeof ALL, leads: readonly LeadRow[]): Promise<Contestant> {
  return ALL[name](leads)
}

Object.assign(globalThis, {
  bench: {
    /** Milliseconds to mount `count` rows, effects included. */
    async mount(name: keyof typeof ALL, count: number): Promise<number> {
      const contestant = await make(name, makeLeads(count))
      const shown = await open(contestant)
      close(contestant, shown)
      return shown.mountMs
    },
    /** Microseconds a change costs until its row is in the document, and how many elements changed for one change. */
    async change(name: keyof typeof ALL, count: number, changes: number): Promise<{ us: number; touched: number }> {
      const leads = makeLeads(count)
      const contestant = await make(name, leads)
      const shown = await open(contestant)
      const touched = new Set<Node>()
      const observer = new MutationObserver((records) => {
        for (const { target } of records)
          touched.add((target as Element).closest?.('.cb-root') ?? target.parentElement!.closest('.cb-root')!)
      })
      observer.observe(shown.container, { subtree: true, attributes: true, childList: true, characterData: true })
      leads[1] = nextVersion(leads[1]!)
      flushSync(() => contestant.change(leads[1]!))
      await nextTask()
      observer.disconnect()
      const batches: number[] = []
      for (let index = 0; index < changes; index += BATCH) {
        const began = performance.now()
        for (let step = index; step < index + BATCH; step += 1) {
          const at = (step * 7_919) % count
          leads[at] = nextVersion(leads[at]!)
          flushSync(() => contestant.change(leads[at]!))
        }
        batches.push(((performance.now() - began) * 1_000) / BATCH)
      }
      // What else the machine does hits some batches and not others: the quieter half tells.
      const us = batches.toSorted((left, right) => left - right)[Math.floor(batches.length / 4)]!
      close(contestant, shown)
      return { us, touched: touched.size }
    },
  },
})
