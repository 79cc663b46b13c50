import type { PartialMessages } from './Messages.js'

/** Lays parts of a catalogue over others, section by section. Pure. */
export function mergeMessages<Base extends PartialMessages>(base: Base, parts: PartialMessages): Base {
  const merged: Record<string, unknown> = { ...base }
  for (const [name, part] of Object.entries(parts)) {
    if (part !== undefined) merged[name] = typeof part === 'object' ? { ...(merged[name] as object), ...part } : part
  }
  return merged as Base
}
