import type { PartialMessages } from './Messages.js'

const SECTIONS = ['actions', 'errors', 'statuses', 'smsStatuses', 'buttons', 'indicator', 'history'] as const

/** Lays parts of a catalogue over other parts, section by section. Pure. */
export function mergeMessages(base: PartialMessages, parts: PartialMessages): PartialMessages {
  const merged = { ...base, ...parts }
  for (const section of SECTIONS) Object.assign(merged, { [section]: { ...base[section], ...parts[section] } })
  return merged
}
