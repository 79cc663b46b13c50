import type { PostgresError } from './PostgresError.js'

/**
 * What an error of the database says about an effect. `refused`: a rule of the team's does not allow it, and will not;
 * `busy`: come again; null: trouble of the server's or of the code's, which is told as it is.
 */
export type EffectEnding = 'refused' | 'busy' | null

const REFUSED_CLASSES = ['22', '23', '44', '54']
const BUSY_CLASSES = ['40', '55']
/** Every class that Postgres itself raises, and ours. Another one is a code of the team's own. */
const POSTGRES_CLASSES = new Set(
  '00 01 02 03 08 09 0A 0B 0F 0L 0P 0Z 20 21 24 25 26 27 28 2B 2D 2F 34 38 39 3B 3D 3F 42 53 57 58 72 F0 HV P0 SY XX'.split(' '),
)

const DENIED = '42501'
/** Where Postgres looks whether a row that is written passes the table's policies. */
const BY_POLICY = 'ExecWithCheckOptions'

/**
 * The same rule as `sync.ending_of_error`, which leaves one thing to this one: a row that a policy forbids has the state of a
 * missing grant, and only here something else than a sentence in the server's language tells them apart.
 */
export function endingOfError({ code: state, routine }: Pick<PostgresError, 'code' | 'routine'>): EffectEnding {
  const stateClass = state.slice(0, 2)
  if (state === 'P0001' || REFUSED_CLASSES.includes(stateClass)) return 'refused'
  if (state === DENIED && routine === BY_POLICY) return 'refused'
  if (BUSY_CLASSES.includes(stateClass)) return 'busy'
  return POSTGRES_CLASSES.has(stateClass) ? null : 'refused'
}

/** Which rule it was, for the log. The same rule as `sync.reason_of_error`. */
export function reasonOfError({ code, message, constraint = '' }: PostgresError): string {
  const rule = constraint !== '' ? constraint : code.startsWith('22') ? withoutQuoted(message) : message
  return `${code} ${rule}`.slice(0, 500)
}

/**
 * A message about wrong data without the data, which are quoted in it: by what stands for a quotation in the server's
 * language. So what is no plain text ends it.
 */
function withoutQuoted(message: string): string {
  const whole = message.replace(/".*"/s, '"…"')
  const [kept = ''] = /^(?:[ !#-&(-_a-~]|"…")*/.exec(whole) ?? []
  return kept === whole ? kept : `${kept}…`
}
