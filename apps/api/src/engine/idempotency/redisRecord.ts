import type { Claim, Outcome, StoredAnswer } from './IdempotencyStore.js'

/** What stands under a key in Redis. */
export type RedisRecord =
  | ({ kind: 'pending' } & Pick<Claim, 'fingerprint' | 'owner' | 'leaseMs' | 'windowMs'>)
  | (Outcome & { fingerprint: string })

/*
 * One text. Three lines say whose it is: fingerprint, owner, and for how long. The fourth says how it stands: `pending`; or
 * `not-kept` and the status; or `answered`, the status, the length of the body in bytes and the headers, and behind it, byte by
 * byte, the body. A record is taken for what it says only if all of it is there.
 */

/**
 * The lines that say whose it is: the same text for every verb of a claim, so that Redis recognises its owner. Neither the
 * fingerprint, which is a hash, nor the owner, which is ours, has a line break in it.
 */
export function holdOf({ fingerprint, owner, leaseMs, windowMs }: Claim): string {
  return `${fingerprint}\n${owner}\n${leaseMs} ${windowMs}\n`
}

/** How a claim stands before its request ended. */
export const PENDING = 'pending'

/** How it stands after. */
export function settledRecord(outcome: Outcome): string | Buffer {
  if (outcome.kind === 'not-kept') return `not-kept ${outcome.status}`
  const { status, headers, body } = outcome.answer
  const head = `answered ${status} ${Buffer.byteLength(body)} ${JSON.stringify(headers)}\n`
  // Text goes into the command's one string; only other bytes need a write of their own.
  return typeof body === 'string' ? head + body : Buffer.concat([Buffer.from(head), body])
}

/** Reads what another program may have written, or half written: null for anything but a whole record. */
export function readRecord(reply: unknown): RedisRecord | null {
  const bytes = typeof reply === 'string' ? Buffer.from(reply) : reply
  if (!Buffer.isBuffer(bytes)) return null
  const end = endOfLines(bytes, 4)
  const [fingerprint, owner, terms, state] = bytes.toString('utf8', 0, end).split('\n')
  const [leaseMs, windowMs] = (terms ?? '').split(' ').map(Number)
  if (!fingerprint || !owner || state === undefined || !isDuration(leaseMs) || !isDuration(windowMs)) return null
  if (end < bytes.length) return readAnswered(fingerprint, state, bytes.subarray(end + 1))
  return state === PENDING ? { kind: 'pending', fingerprint, owner, leaseMs, windowMs } : readNotKept(fingerprint, state)
}

/** Where the last of so many lines ends: before its line break, or with the bytes. */
function endOfLines(bytes: Buffer, count: number): number {
  let end = -1
  for (let line = 0; line < count; line += 1) {
    end = bytes.indexOf(0x0a, end + 1)
    if (end < 0) return bytes.length
  }
  return end
}

function readNotKept(fingerprint: string, state: string): RedisRecord | null {
  const status = Number(/^not-kept (\d{3})$/.exec(state)?.[1])
  return isStatus(status) ? { kind: 'not-kept', fingerprint, status } : null
}

function readAnswered(fingerprint: string, state: string, body: Buffer): RedisRecord | null {
  const [, status, length, text = ''] = /^answered (\d{3}) (\d+) (.+)$/.exec(state) ?? []
  const [answered, headers] = [Number(status), parse(text)]
  const isWhole = isStatus(answered) && isHeaders(headers) && body.length === Number(length)
  return isWhole ? { kind: 'answered', fingerprint, answer: { status: answered, headers, body } } : null
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}

function isStatus(status: number): boolean {
  return status >= 200 && status <= 599
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
