import { Gauge, type Registry } from 'prom-client'
import { atMost } from '../time/atMost.js'

/** One figure of a reading. */
export interface GaugeSpec<Reading> {
  name: string
  help: string
  /** What its values are told apart by. @default nothing: it has one value */
  label?: string
  /** By the label; null for what is not known. */
  values: (reading: Reading) => Readonly<Record<string, number | null>>
}

/** Metrics are asked for every few seconds and must come, whatever is slow. Milliseconds. */
const LONGEST_READING_MS = 2_000

/** Gauges that are read together whenever somebody asks for metrics; what cannot be read has no value, which is not 0. */
export function gaugesOf<Reading>(registry: Registry, read: () => Promise<Reading>, specs: readonly GaugeSpec<Reading>[]): void {
  const reading = shared(() => atMost(read(), LONGEST_READING_MS).catch(() => null))
  for (const { name, help, label = 'of', values } of specs) {
    new Gauge({
      name,
      help,
      // With none at all it would say 0 as long as nothing is known.
      labelNames: [label],
      registers: [registry],
      async collect() {
        const known = await reading()
        this.reset()
        if (known === null) return
        for (const [of, value] of Object.entries(values(known))) if (value !== null) this.set(of === '' ? {} : { [label]: of }, value)
      },
    })
  }
}

/** Whoever asks while a reading is under way gets that one. */
function shared<T>(read: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | null = null
  return () => {
    underWay ??= read().finally(() => {
      underWay = null
    })
    return underWay
  }
}
