import { ERROR_CODES, isErrorCode } from '@org/contracts'
import { DocTable } from './DocTable.js'
import { WHAT_TO_DO } from './whatToDo.js'

const codes = Object.entries(WHAT_TO_DO)
const server = codes.flatMap(([code, todo]) => {
  if (!isErrorCode(code)) return []
  const { status, text, retryable } = ERROR_CODES[code]
  return [[<code key={code}>{code}</code>, status, text, retryable ? 'yes' : 'no', todo]]
})
const client = codes.filter(([code]) => !isErrorCode(code)).map(([code, todo]) => [<code key={code}>{code}</code>, todo])

/** Every code the API answers with, from the contracts' own table. */
export function ErrorCodeTable() {
  return <DocTable label="Error codes" head={['Code', 'Status', 'What a person reads', 'Retried', 'What to do']} rows={server} />
}

/** Codes that never reached a server. */
export function ClientCodeTable() {
  return <DocTable label="Codes of the client" head={['Code', 'What to do']} rows={client} />
}
