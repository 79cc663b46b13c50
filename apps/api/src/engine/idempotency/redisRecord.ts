import type { Claim, Outcome, StoredAnswer } from './IdempotencyStore.js'

/** What stands under a key in Redis. */
export type RedisRecord =
  | ({ kind: 'pending' } & Pick<Claim, 'fingerprint' | 'owner' | 'leaseMs' | 'windowMs'>)
  | (Outcome & { fingerprint: string })

/*
 * One text: a line of JSON that starts with the kind, and for an answer its body, byte by byte, behind it. The line says how
 * long the body is. A record is taken for what it says only if all of it is there.
 */

/** A claim's record, which is also how its owner is recognised: it is the same text for every verb of the claim. */
export function pendingRecord({ fingerprint, owner, leaseMs, windowMs }: Claim): string {
  return JSON.stringify(['pending', fingerprint, owner, leaseMs, windowMs])
}

/** Names its owner too, so that writing it twice is told from writing over another's. */
export function settledRecord({ fingerprint, owner }: Claim, outcome: Outcome): string | Buffer {
  if (outcome.kind === 'not-kept') return JSON.stringify(['not-kept', fingerprint, owner, outcome.status])
  const { status, headers, body } = outcome.answer
  const head = `${JSON.stringify(['answered', fingerprint, owner, status, headers, Buffer.byteLength(body)])}\n`
  // Text goes into the command's one string; only other bytes need a write of their own.
  return typeof body === 'string' ? head + body : Buffer.concat([Buffer.from(head), body])
}

/** Reads what another program may have written, or half written: null for anything but a whole record. */
export function readRecord(reply: unknown): RedisRecord | null {
  const bytes = typeof reply === 'string' ? Buffer.from(reply) : reply
  if (!Buffer.isBuffer(bytes)) return null
  const end = bytes.indexOf(0x0a)
  const line = parse(bytes.subarray(0, end < 0 ? bytes.length : end).toString('utf8'))
  if (!Array.isArray(line)) return null
  const [kind, fingerprint, owner, ...rest] = line as unknown[]
  if (typeof fingerprint !== 'string' || typeof owner !== 'string') return null
  if (kind === 'answered') return end < 0 ? null : readAnswered(fingerprint, rest, bytes.subarray(end + 1))
  if (end >= 0) return null
  return kind === 'pending' ? readPending(fingerprint, owner, rest) : kind === 'not-kept' ? readNotKept(fingerprint, rest) : null
}

function readPending(fingerprint: string, owner: string, [leaseMs, windowMs]: unknown[]): RedisRecord | null {
  return isDuration(leaseMs) && isDuration(windowMs) ? { kind: 'pending', fingerprint, owner, leaseMs, windowMs } : null
}

function readNotKept(fingerprint: string, [status]: unknown[]): RedisRecord | null {
  return isStatus(status) ? { kind: 'not-kept', fingerprint, status } : null
}

function readAnswered(fingerprint: string, [status, headers, length]: unknown[], body: Buffer): RedisRecord | null {
  const isWhole = isStatus(status) && isHeaders(headers) && body.length === length
  return isWhole ? { kind: 'answered', fingerprint, answer: { status, headers, body } } : null
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}

function isStatus(status: unknown): status is number {
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599
}

const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/
const isValue = (value: unknown) => typeof value === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)

function isHeaders(headers: unknown): headers is StoredAnswer['headers'] {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return false
  return Object.entries(headers).every(([name, value]) => NAME.test(name) && (Array.isArray(value) ? value.every(isValue) : isValue(value)))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
