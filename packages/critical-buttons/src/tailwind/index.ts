import type { LeadStatus } from '@org/contracts/client'

/**
 * The guide's Tailwind pairs by status. Pass them to the provider's `statusColors`, and let
 * Tailwind see this file: `@source "../node_modules/@org/critical-buttons/dist/tailwind"`.
 */
export const statusColors = {
  new: 'bg-blue-100 text-blue-800',
  contacted: 'bg-yellow-100 text-yellow-800',
  qualified: 'bg-green-100 text-green-800',
  proposal_sent: 'bg-purple-100 text-purple-800',
  negotiating: 'bg-orange-100 text-orange-800',
  won: 'bg-green-100 text-green-800',
  lost: 'bg-red-100 text-red-800',
} as const satisfies Record<LeadStatus, string>
