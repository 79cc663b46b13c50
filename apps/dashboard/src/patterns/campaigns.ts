/** A mailing, and the leads it went to. */
export interface Campaign {
  name: string
  leadIds: readonly string[]
  /** How many of them were not contacted before. */
  untouched: number
}

const MAILINGS = [
  { name: 'Chicago mailing', prefix: '+1312' },
  { name: 'Washington call-back', prefix: '+1202' },
  { name: 'San Francisco mailing', prefix: '+1415' },
]

interface Reached {
  id: string
  phone: string | null
  status: string
}

/** The campaigns that reached any of these leads: each goes by the area of a phone. Pure. */
export function campaignsOf(leads: readonly Reached[]): Campaign[] {
  return MAILINGS.map(({ name, prefix }) => {
    const reached = leads.filter(({ phone }) => phone?.startsWith(prefix))
    return { name, leadIds: reached.map(({ id }) => id), untouched: reached.filter(({ status }) => status === 'new').length }
  }).filter(({ leadIds }) => leadIds.length > 0)
}
