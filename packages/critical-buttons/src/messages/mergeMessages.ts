import type { CatalogueInUse, PartialMessages } from './Messages.js'

const SECTIONS = ['actions', 'errors', 'identity', 'statuses', 'smsStatuses', 'buttons', 'indicator', 'history'] as const

/** Lays parts of a catalogue over another, section by section. Pure. */
export function mergeMessages(base: CatalogueInUse, parts: PartialMessages): CatalogueInUse {
  const merged = { ...base, ...parts }
  for (const section of SECTIONS) Object.assign(merged, { [section]: { ...base[section], ...parts[section] } })
  return merged as CatalogueInUse
}
