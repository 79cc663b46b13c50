import { type QueuedMutation, VALID_STATUSES } from '@org/critical-buttons'

/** What there is to know about the records that clicks are about. */
export interface Records {
  leads: readonly { id: string; name: string }[]
  appointments: readonly { id: string; title: string }[]
}

type Click = Pick<QueuedMutation, 'action' | 'request'>

/** What a click asked for, in words for the one who clicked: "Anna Kim to Lost". Pure. */
export function describeClick({ action, request }: Click, { leads, appointments }: Records): string {
  const { appointmentId, leadId, leadIds, status } = (request ?? {}) as Record<string, unknown>
  const lead = leads.find(({ id }) => id === leadId)?.name ?? 'a lead'
  switch (action) {
    case 'booking.confirm':
      return `Confirm ${appointments.find(({ id }) => id === appointmentId)?.title ?? 'an appointment'}`
    case 'sms.send':
      return `SMS to ${lead}`
    case 'lead.updateStatus':
      return `Set ${lead} to ${labelOf(status)}`
    case 'lead.bulkUpdateStatus':
      return `Set ${count(leadIds)} to ${labelOf(status)}`
    default:
      return action
  }
}

function labelOf(status: unknown): string {
  return VALID_STATUSES.find(({ value }) => value === status)?.label ?? String(status)
}

function count(ids: unknown): string {
  const many = Array.isArray(ids) ? ids.length : 0
  return many === 1 ? '1 lead' : `${many.toLocaleString()} leads`
}

type State = Pick<QueuedMutation, 'state' | 'ambiguous' | 'attempts' | 'lastError'>

/** How a click stands, in words for the one who clicked. Nothing is called undone that may have been done. Pure. */
export function describeState({ state, ambiguous, attempts, lastError }: State, online: boolean): string {
  const maybe = ambiguous ? ' It may have been done already.' : ''
  switch (state) {
    case 'sending':
      return 'It is being sent.'
    case 'waiting':
      return 'The server has it and is not through with it yet.'
    case 'queued':
    case 'blocked':
      if (!online) return `It is sent when the network is back.${maybe}`
      return attempts === 0 ? 'It waits for its turn.' : `It is tried again by itself.${maybe}`
    case 'unknown':
      return 'Nobody knows whether it was done. Look at the record before you try again.'
    case 'dead':
      return `It was not done. ${lastError?.message ?? ''}`.trim()
  }
}
