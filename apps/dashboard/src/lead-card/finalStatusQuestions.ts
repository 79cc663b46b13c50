import type { LeadStatus } from '@org/critical-buttons'

/** Asked before a lead is closed, as the integration guide words it. */
export const FINAL_STATUS_QUESTIONS = {
  won: 'Mark this lead as won? This is final.',
  lost: 'Mark this lead as lost? You can reopen later.',
}

/** The same care for many leads at once; nothing is asked for the other statuses. Pure. */
export function bulkQuestion(status: LeadStatus): { confirm?: true; confirmMessage?: string } {
  if (status === 'won') return { confirm: true, confirmMessage: 'Mark all selected leads as won? This is final.' }
  if (status === 'lost') return { confirm: true, confirmMessage: 'Mark all selected leads as lost? You can reopen them later.' }
  return {}
}
