import { paint } from '../tokens/resolveColour.js'

/** One line of a table of specs: what it is about, then its values. */
export type SpecRow = readonly string[]

export const SIZE_HEAD = ['Size', 'Height', 'Padding', 'Text', 'Weight', 'Radius', 'Gap', 'Border'] as const
export const LOOK_HEAD = ['Look', 'Theme', 'State', 'Background', 'Text', 'Border', 'Ring'] as const

/** What a button of that size comes to in this browser, in px at a root of 16 px. */
export function measureSize(name: string, button: HTMLElement): SpecRow {
  const style = getComputedStyle(button)
  const { paddingBlockStart, paddingInlineStart, fontSize, lineHeight, fontWeight, borderRadius, columnGap, borderWidth } = style
  return [
    name,
    px(`${button.getBoundingClientRect().height}px`),
    `${px(paddingBlockStart)} / ${px(paddingInlineStart)}`,
    `${px(fontSize)} / ${px(lineHeight)}`,
    fontWeight,
    px(borderRadius),
    px(columnGap),
    px(borderWidth),
  ]
}

/** The colours of a button as they are painted. */
export function measureLook([look, theme, state]: readonly [string, string, string], button: HTMLElement): SpecRow {
  const { backgroundColor, color, borderColor, borderStyle, outlineStyle, outlineColor, outlineWidth, outlineOffset } =
    getComputedStyle(button)
  const ring = outlineStyle === 'none' ? '–' : `${hex(outlineColor)} ${px(outlineWidth)}, offset ${px(outlineOffset)}`
  return [look, theme, state, hex(backgroundColor), hex(color), borderStyle === 'none' ? '–' : hex(borderColor), ring]
}

/** Rows as a design tool or a spreadsheet takes them from the clipboard. Pure. */
export function asText(head: readonly string[], rows: readonly SpecRow[]): string {
  return [head, ...rows].map((cells) => cells.join('\t')).join('\n')
}

function px(length: string): string {
  const value = Number.parseFloat(length)
  return Number.isNaN(value) ? length : `${Math.round(value * 100) / 100}`
}

function hex(colour: string): string {
  if (/^(transparent|rgba\(.*, 0\))$/.test(colour)) return 'none'
  return `#${paint(colour)
    .map((part) => part.toString(16).padStart(2, '0'))
    .join('')}`
}
