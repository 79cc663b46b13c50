import { ALLOWED_HEADERS, EXPOSED_HEADERS, HEADERS } from '@org/contracts'
import { HEADER_MEANINGS } from './headerMeanings.mjs'
import { code, table } from './table.mjs'

export function headerTable() {
  const rows = Object.values(HEADERS).map((name) => [code(name), direction(name), HEADER_MEANINGS[name]])
  return table(['Header', 'In', 'Means'], rows)
}

function direction(name) {
  const [isSent, isAnswered] = [ALLOWED_HEADERS.includes(name), EXPOSED_HEADERS.includes(name)]
  if (isSent && isAnswered) return 'request and answer'
  return isSent ? 'request' : 'answer'
}
