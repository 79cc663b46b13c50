/** Formatters of one locale, made once and on first use: an `Intl` object costs more than a button. */
export interface Formatter {
  number(value: number): string
  /** Picks a plural form; `other` is used for categories that are not given. */
  plural(count: number, forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }): string
  /** "30 seconds", "2 minutes": whole units, at least one second. */
  duration(ms: number): string
  /** "5 minutes ago" within a day, else date and time. */
  time(at: number, now: number): string
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Makes the formatters of a locale. */
export function createFormatter(locale: string): Formatter {
  const numbers = once(() => new Intl.NumberFormat(locale))
  const plurals = once(() => new Intl.PluralRules(locale))
  const relative = once(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))
  const dates = once(() => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }))
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' }).format(value)

  return {
    number: (value) => numbers().format(value),
    plural: (count, forms) => forms[plurals().select(count)] ?? forms.other,
    duration: (ms) => (ms < 90_000 ? unit(Math.max(1, Math.round(ms / 1_000)), 'second') : unit(Math.round(ms / MINUTE_MS), 'minute')),
    time(at, now) {
      const ago = now - at
      if (ago >= DAY_MS || ago < -MINUTE_MS) return dates().format(at)
      if (ago < MINUTE_MS) return relative().format(0, 'second')
      return ago < HOUR_MS
        ? relative().format(-Math.round(ago / MINUTE_MS), 'minute')
        : relative().format(-Math.round(ago / HOUR_MS), 'hour')
    },
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
