import type { Wish } from './page/main.js'
import type { Random } from './random.js'

const STATUSES = ['new', 'contacted', 'qualified', 'negotiating', 'lost'] as const

/** What there is to click on. */
export interface Targets {
  leads: readonly string[]
  appointments: readonly string[]
}

/** The next thing somebody clicks. Each SMS has words of its own, so that Twilio's list tells whose it was. */
export function nextWish(random: Random, { leads, appointments }: Targets): Wish {
  const status = random.pick(STATUSES)
  const roll = random.next()
  if (roll < 0.1) return { kind: 'booking', appointmentId: random.pick(appointments) }
  if (roll < 0.35) return { kind: 'sms', leadId: random.pick(leads), text: `Soak ${Math.floor(random.next() * 1e12)}` }
  if (roll < 0.5) return { kind: 'bulk', leadIds: [...new Set([random.pick(leads), random.pick(leads), random.pick(leads)])], status }
  return { kind: 'status', leadId: random.pick(leads), status }
}
