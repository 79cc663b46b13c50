import type { FoundClick } from './findClicks.js'
import type { TimelineEvent, Verdict } from './Timeline.js'

/** How a click stands, to a person. */
export function clickVerdict(click: FoundClick): Verdict {
  const { key, actor, tenant, action, status } = click
  const { code, error } = saidBy(click)
  return {
    about: 'click',
    id: key,
    text: `${nameOf(action)} of ${actor}: ${standing(click, { code, error })}`,
    ...{ tenant, actor, action, status, code, recorded: click.recorded },
  }
}

/** That it arrived. */
export function clickEvent({ key, actor, tenant, action, abandoned, created_at, replica }: FoundClick): TimelineEvent {
  const clickedAt = clickedAtBy(key)
  const when = clickedAt === null ? '' : `, clicked at ${clickedAt} by its own clock,`
  const what = abandoned ? 'gave up a click of which nothing had arrived' : `clicked ${nameOf(action)}; it${when || ''} arrived`
  return {
    at: created_at.toISOString(),
    kind: 'click',
    text: `${actor} ${what} (key ${key}, ${replica === null ? 'replica not known' : `replica ${replica}`})`,
    ...{ key, tenant, actor, action, clickedAt, replica },
  }
}

interface Said {
  code: string | null
  error: string | null
}

function standing({ status, recorded, abandoned }: FoundClick, { code, error }: Said): string {
  if (abandoned) return 'given up before anything arrived; it never takes effect.'
  if (status === null) return 'under way, or left open by an effect that says nothing of it.'
  if (status === 202 && code === 'OUTCOME_UNKNOWN') return 'nobody knows whether it took effect; a person decides.'
  if (status === 202) return 'accepted, and not finished yet.'
  if (status < 400) return `took effect (${status}${recorded ? '' : ', not asked for since'}).`
  return `did not take effect: ${status} ${code ?? 'without a code'}${error === null ? '' : `, "${error}"`}.`
}

function saidBy({ body }: FoundClick): Said {
  try {
    const { code, error } = JSON.parse(body ?? '{}') as Record<string, unknown>
    return { code: typeof code === 'string' ? code : null, error: typeof error === 'string' ? error : null }
  } catch {
    // An effect of a team's own may answer with anything, and a long one is cut.
    return { code: null, error: null }
  }
}

const nameOf = (action: string | null) => action ?? 'a click'

const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i

/** The instant that a key of our clients holds; null where the key is of another kind. */
function clickedAtBy(key: string): string | null {
  const [, high, low] = UUID_V7.exec(key) ?? []
  return high === undefined ? null : new Date(Number.parseInt(`${high}${low}`, 16)).toISOString()
}
