/** Operators of a Postgres-changes filter, as `column=operator.value`. */
const OPERATORS = ['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'in', 'like', 'ilike', 'is', 'match', 'imatch', 'isdistinct'] as const
type Operator = (typeof OPERATORS)[number]

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
  if ((operator === 'match' || operator === 'imatch') && !isRegExp(plain)) return `invalid regular expression: ${plain}`
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

function isRegExp(pattern: string): boolean {
  try {
    return new RegExp(pattern) !== null
  } catch {
    return false
  }
}

/**
 * True when `row` has every column of the filter and meets every condition. SQL's rules: a
 * comparison with null is neither true nor false, and then nothing is delivered. Pure.
 */
export function passesFilter(row: Readonly<Record<string, unknown>>, conditions: readonly Condition[]): boolean {
  return conditions.every((condition) => Object.hasOwn(row, condition.column) && meets(row[condition.column], condition))
}

function meets(cell: unknown, condition: Condition): boolean {
  const outcome = compare(cell ?? null, condition)
  if (outcome === null) return false
  return condition.negated ? !outcome : outcome
}

function compare(cell: unknown, { operator, values }: Condition): boolean | null {
  const [value = ''] = values
  if (operator === 'is') return isKeyword(cell, value)
  if (operator === 'isdistinct') return cell === null || order(cell, value) !== 0
  if (cell === null) return null
  switch (operator) {
    case 'in':
      return values.some((item) => order(cell, item) === 0)
    case 'like':
    case 'ilike':
      return likePattern(value, operator === 'ilike').test(String(cell))
    case 'match':
    case 'imatch':
      return new RegExp(value, operator === 'imatch' ? 'i' : '').test(String(cell))
    default:
      return holds(operator, order(cell, value))
  }
}

function holds(operator: 'eq' | 'neq' | 'lt' | 'lte' | 'gt' | 'gte', order: number): boolean | null {
  if (Number.isNaN(order)) return null
  switch (operator) {
    case 'eq':
      return order === 0
    case 'neq':
      return order !== 0
    case 'lt':
      return order < 0
    case 'lte':
      return order <= 0
    case 'gt':
      return order > 0
    case 'gte':
      return order >= 0
  }
}

function isKeyword(cell: unknown, keyword: string): boolean {
  if (keyword === 'null' || keyword === 'unknown') return cell === null
  return cell === (keyword === 'true')
}

const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/

/** Below, at or above 0 as `cell` is less than, equal to or more than `value` in the cell's own type; NaN when they cannot be compared. */
function order(cell: unknown, value: string): number {
  if (typeof cell === 'number') return cell - Number(value)
  if (typeof cell === 'boolean') return Number(cell) - Number(/^(t|true|1|yes|on)$/i.test(value))
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell)
  if (INSTANT.test(text) && INSTANT.test(value)) return Date.parse(text) - Date.parse(value)
  if (text === value) return 0
  return text < value ? -1 : 1
}

/** SQL's LIKE: `%` any run, `_` any one character, `\` takes the next as it is. */
function likePattern(pattern: string, ignoreCase: boolean): RegExp {
  const source = pattern.replace(/\\(.)|%|_|[.*+?^${}()|[\]\\]/gs, (found, escaped?: string) => {
    if (escaped !== undefined) return escaped.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    if (found === '%') return '.*'
    return found === '_' ? '.' : `\\${found}`
  })
  return new RegExp(`^${source}$`, ignoreCase ? 'is' : 's')
}
