import { once } from './once.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** "5 minutes ago" within a day, else date and time. Instants in epoch ms. */
export function createTimeFormat(locale: string): (at: number, now: number) => string {
  const relative = once(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))
  const dates = once(() => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }))
  return (at, now) => {
    const ago = now - at
    if (ago >= DAY_MS || ago < -MINUTE_MS) return dates().format(at)
    if (ago < MINUTE_MS) return relative().format(0, 'second')
    return ago < HOUR_MS ? relative().format(-Math.round(ago / MINUTE_MS), 'minute') : relative().format(-Math.round(ago / HOUR_MS), 'hour')
  }
}
