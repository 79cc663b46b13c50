/** Operators of a Postgres-changes filter, as `column=operator.value`. */
const OPERATORS = ['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'in', 'like', 'ilike', 'is', 'isdistinct'] as const
export type Operator = (typeof OPERATORS)[number]

/** One condition of a filter; all of them must hold. */
export interface Condition {
  column: string
  operator: Operator
  values: readonly string[]
  negated: boolean
}

export type ParsedFilter = { ok: true; conditions: readonly Condition[] } | { ok: false; reason: string }

/**
 * Parses `status=eq.new,version=gt.3` (commas mean AND; `not.` negates; values may be quoted). Pure.
 * An empty text is no filter.
 */
export function parseFilter(text: string): ParsedFilter {
  if (text.trim() === '') return { ok: true, conditions: [] }
  const conditions: Condition[] = []
  for (const segment of splitTopLevel(text)) {
    const parsed = parseCondition(segment.trim())
    if (typeof parsed === 'string') return { ok: false, reason: parsed }
    conditions.push(parsed)
  }
  return { ok: true, conditions }
}

function parseCondition(segment: string): Condition | string {
  if (segment === '') return 'filter must not contain empty segments (check for extra commas)'
  const [, column, not, operator, value] = /^([^=]*)=(not\.)?([^.]*)\.(.*)$/s.exec(segment) ?? []
  if (column === undefined || operator === undefined || value === undefined) return JSON.stringify([segment])
  if (operator === 'match' || operator === 'imatch') return `the stand-in has no ${operator}: a pattern could freeze it; use like or ilike`
  if (!isOperator(operator)) return JSON.stringify([operator, value])
  const values = readValues(operator, value)
  if (typeof values === 'string') return values
  return { column, operator, values, negated: not !== undefined }
}

function isOperator(text: string): text is Operator {
  return (OPERATORS as readonly string[]).includes(text)
}

function readValues(operator: Operator, value: string): readonly string[] | string {
  if (operator === 'in') {
    const list = /^\((.*)\)$/s.exec(value)?.[1]
    return list === undefined ? '`in` filter value must be wrapped by parentheses' : splitTopLevel(list).map((item) => unquote(item.trim()))
  }
  const plain = unquote(value)
  if (operator === 'is' && !['null', 'true', 'false', 'unknown'].includes(plain))
    return 'invalid value for is filter: must be null, true, false, or unknown'
  return [plain]
}

/** Splits at commas outside of quotes and parentheses. A quote opens only where a value can begin. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = []
  let [start, depth, quoted] = [0, 0, false]
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (quoted && character === '\\') at += 1
    else if (character === '"' && (quoted || at === start || '.(,'.includes(text[at - 1] ?? ''))) quoted = !quoted
    else if (quoted) continue
    else if (character === '(') depth += 1
    else if (character === ')') depth = Math.max(0, depth - 1)
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, text.slice(start)]
}

function unquote(text: string): string {
  const inner = /^"((?:\\.|[^"\\])*)"$/s.exec(text)?.[1]
  return inner === undefined ? text : inner.replace(/\\(.)/gs, '$1')
}
