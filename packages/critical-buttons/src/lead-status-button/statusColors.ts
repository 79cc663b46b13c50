import type { LeadStatus } from '@org/contracts/client'
import type { CSSProperties } from 'react'
import { own } from '../messages/own.js'

/** The palette's names; each has a background, text and border token for light and dark. */
export type Tone = 'blue' | 'yellow' | 'green' | 'purple' | 'orange' | 'red' | 'gray'

/**
 * How one status looks: a tone of the palette, own colours, or a class string. A class string
 * (`'bg-green-100 text-green-800'`) replaces the tone's colours.
 */
export type StatusColor = { tone: Tone } | { bg: string; fg: string; border?: string } | string

/** Colours by status; a status that is missing keeps its default. */
export type StatusColors = Partial<Record<LeadStatus, StatusColor>>

/** The default look of each status. Team colours go to the provider's `statusColors`. */
export const defaultStatusColors = {
  new: { tone: 'blue' },
  contacted: { tone: 'yellow' },
  qualified: { tone: 'green' },
  proposal_sent: { tone: 'purple' },
  negotiating: { tone: 'orange' },
  won: { tone: 'green' },
  lost: { tone: 'red' },
} as const satisfies StatusColors

/** What a chip gets for its colour. */
export interface ChipLook {
  className?: string
  tone?: Tone | 'custom'
  style?: CSSProperties & Record<`--${string}`, string>
}

/** A status that only a team's own vocabulary has. */
const NEUTRAL: StatusColor = { tone: 'gray' }

/** Turns a status colour into attributes; an unknown status is neutral. Pure. */
export function chipLook(status: LeadStatus, colors: StatusColors | undefined): ChipLook {
  const defaults: StatusColors = defaultStatusColors
  const color = own(colors, status) ?? own(defaults, status) ?? NEUTRAL
  if (typeof color === 'string') return { className: color }
  if ('tone' in color) return { tone: color.tone }
  const { bg, fg, border } = color
  return { tone: 'custom', style: { '--cb-chip-bg': bg, '--cb-chip-fg': fg, borderColor: border } }
}
