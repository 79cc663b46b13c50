import type { PartialMessages } from './Messages.js'

const SECTIONS = ['actions', 'errors', 'identity', 'statuses', 'smsStatuses', 'buttons', 'indicator', 'history'] as const

/** Lays parts of a catalogue over others, section by section. Pure. */
export function mergeMessages<Base extends PartialMessages>(base: Base, parts: PartialMessages): Base {
  const merged = { ...base, ...parts }
  for (const section of SECTIONS) Object.assign(merged, { [section]: { ...base[section], ...parts[section] } })
  return merged
}
