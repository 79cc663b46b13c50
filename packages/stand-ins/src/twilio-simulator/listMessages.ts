import type { Message } from './Message.js'
import { API_VERSION, messageResource } from './messageResource.js'

const PAGE_DEFAULT = 50
const PAGE_MAX = 1_000
const DAY_MS = 24 * 60 * 60 * 1_000
const TOKEN_PREFIX = 'PA'

/**
 * One page of messages, newest first, as GET Messages.json answers it. Pure.
 *
 * Filters: `To`, `From`, `DateSent`, `DateSent>` and `DateSent<` (both inclusive; a day counts whole,
 * an instant to the second, which is all Twilio keeps). A message that has not left yet is found by
 * the time it was accepted.
 */
export function listMessages(messages: readonly Message[], query: URLSearchParams, accountSid: string): Record<string, unknown> {
  const pageSize = clamp(Number(query.get('PageSize') ?? PAGE_DEFAULT), 1, PAGE_MAX, PAGE_DEFAULT)
  const page = clamp(Number(query.get('Page') ?? 0), 0, Number.MAX_SAFE_INTEGER, 0)
  const found = messages.filter((message) => matches(message, query)).reverse()
  const start = startOf(found, query.get('PageToken'), page * pageSize)
  const shown = found.slice(start, start + pageSize)
  const last = shown.at(-1)
  const hasMore = start + shown.length < found.length
  const uri = (more: Record<string, string>) => pageUri(accountSid, query, { PageSize: String(pageSize), ...more })
  return {
    messages: shown.map((message) => messageResource(message, accountSid)),
    page,
    page_size: pageSize,
    start,
    end: Math.max(start, start + shown.length - 1),
    uri: uri({ Page: String(page) }),
    first_page_uri: uri({ Page: '0' }),
    next_page_uri: hasMore && last ? uri({ Page: String(page + 1), PageToken: TOKEN_PREFIX + last.sid }) : null,
    previous_page_uri: page > 0 ? uri({ Page: String(page - 1) }) : null,
  }
}

/** A page token names the last message seen, so that messages accepted meanwhile shift nothing. */
function startOf(found: readonly Message[], token: string | null, offset: number): number {
  if (token === null) return offset
  const index = found.findIndex((message) => TOKEN_PREFIX + message.sid === token)
  return index === -1 ? found.length : index + 1
}

function matches(message: Message, query: URLSearchParams): boolean {
  const to = query.get('To')
  const from = query.get('From')
  if (to !== null && message.to !== to) return false
  if (from !== null && message.from !== from) return false
  const at = Math.floor((message.sentAt ?? message.createdAt) / 1_000) * 1_000
  const on = span(query.get('DateSent'))
  const after = span(query.get('DateSent>'))
  const before = span(query.get('DateSent<'))
  if (on !== null && (at < on.start || at > on.end)) return false
  if (after !== null && at < after.start) return false
  return before === null || at <= before.end
}

/** The instants a date filter covers: a whole day, or one second. Null when absent or unreadable. */
function span(text: string | null): { start: number; end: number } | null {
  if (text === null) return null
  const start = Date.parse(text)
  if (Number.isNaN(start)) return null
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text)
  return { start, end: isDay ? start + DAY_MS - 1 : start }
}

function pageUri(accountSid: string, query: URLSearchParams, more: Record<string, string>): string {
  const params = new URLSearchParams(query)
  params.delete('PageToken')
  for (const [name, value] of Object.entries(more)) params.set(name, value)
  return `/${API_VERSION}/Accounts/${accountSid}/Messages.json?${params}`
}

function clamp(value: number, low: number, high: number, fallback: number): number {
  return Number.isInteger(value) ? Math.min(high, Math.max(low, value)) : fallback
}
