import { ERROR_CODES } from '@org/contracts'
import { code, table } from './table.mjs'

export function errorCodeTable() {
  const rows = Object.entries(ERROR_CODES).map(([name, { status, retryable, text }]) => [
    code(name),
    status,
    retryable ? 'yes' : 'no',
    text,
  ])
  return table(['Code', 'Status', 'Same key again?', 'What the person reads'], rows)
}
