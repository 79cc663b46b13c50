import { isLike } from './isLike.js'
import type { Condition } from './parseFilter.js'

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
      return isLike(String(cell), value, { ignoreCase: operator === 'ilike' })
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
