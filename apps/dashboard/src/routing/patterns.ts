/** The pages of patterns, in the order in which one would read them. */
export const PATTERNS = [
  { name: 'campaign', title: 'A campaign', tells: 'Many leads change with one click, and what failed is named.' },
  { name: 'workflow', title: 'One after the other', tells: 'Confirm, tell the person, move the lead on: each step once.' },
  { name: 'optimistic', title: 'Shown at once', tells: 'A button of one’s own shows what was clicked before the server answers.' },
  { name: 'together', title: 'Working together', tells: 'Who else changed a lead, as it happens.' },
  { name: 'offline', title: 'Without a network', tells: 'What waits, in words and a place of one’s own.' },
] as const

export type PatternName = (typeof PATTERNS)[number]['name']

export function isPatternName(name: string | undefined): name is PatternName {
  return PATTERNS.some((pattern) => pattern.name === name)
}
