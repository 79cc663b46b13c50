import { ERROR_CODES, isErrorCode } from '@org/contracts'

export interface Answer {
  status: number
  text: string
  recorded: boolean
}

/**
 * What is wrong with an answer by itself; null when status, headers and body can be of one writer. A recorded success
 * with a refusal's body is what two writers make.
 */
export function mixedAnswer({ status, text, recorded }: Answer): string | null {
  const body = parse(text)
  if (body === null) return `${status} has no JSON body: "${text.slice(0, 80)}"`
  if (status === 202) return recorded ? '202 is no outcome, and says that it was recorded' : null
  const { success, code } = body
  if ((success !== false) !== status < 300) return `${status} says success: ${success}`
  if (status < 300) return null
  if (typeof code !== 'string') return `${status} names no code`
  if (isErrorCode(code) && ERROR_CODES[code].status !== status) return `${status} names ${code}`
  if (recorded && isErrorCode(code) && ERROR_CODES[code].retryable) return `${code} says that it was recorded`
  return null
}

function parse(text: string): { success?: unknown; code?: unknown } | null {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? body : null
  } catch {
    return null
  }
}
