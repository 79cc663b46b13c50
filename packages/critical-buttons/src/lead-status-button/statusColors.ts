import type { LeadStatus, LeadStatusEntry, Tone } from '@org/contracts/client'
import type { CSSProperties } from 'react'
import { own } from '../messages/own.js'

/**
 * How one status looks: a tone of the palette, own colours, or a class string. A class string
 * (`'bg-green-100 text-green-800'`) replaces the tone's colours.
 */
export type StatusColor = { tone: Tone } | { bg: string; fg: string; border?: string } | string

/** Colours by status; a status that is missing keeps its vocabulary's. */
export type StatusColors = Partial<Record<LeadStatus, StatusColor>>

/** What a chip gets for its colour. */
export interface ChipLook {
  className?: string
  tone?: Tone | 'custom'
  style?: CSSProperties & Record<`--${string}`, string>
}

/** Turns a status colour into attributes. Pure. */
export function chipLook({ value, color: tone = 'gray' }: LeadStatusEntry, colors: StatusColors | undefined): ChipLook {
  const color = own(colors, value) ?? { tone }
  if (typeof color === 'string') return { className: color }
  if ('tone' in color) return { tone: color.tone }
  const { bg, fg, border } = color
  return { tone: 'custom', style: { '--cb-chip-bg': bg, '--cb-chip-fg': fg, borderColor: border } }
}
