import { pathOf, type StandardIssue } from '@org/contracts'

/** A schema's complaint, with what zod says beside the message; another library's may lack it. */
export interface Issue extends StandardIssue {
  code?: string | undefined
  expected?: string
  origin?: string
  minimum?: number | bigint
  maximum?: number | bigint
  keys?: readonly string[]
  values?: readonly unknown[]
}

/**
 * Says for people which field of a request is wrong and what it must be. Names the field and the rule,
 * never the value: it may be a message text.
 */
export function describeIssue(issue: Issue, request: unknown): string {
  const path = pathOf(issue)
  const field = path.length === 0 ? 'The request' : `"${path.map(String).join('.').slice(0, 100)}"`
  return `${field} ${rule(issue, request)}. Nothing was changed.`
}

function rule(issue: Issue, request: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return valueAt(request, pathOf(issue)) === undefined ? `is missing; it must be ${kind(issue)}` : `must be ${kind(issue)}`
    case 'unrecognized_keys':
      return `holds fields that this action does not take (${named(issue.keys ?? [])}); leave them out`
    case 'invalid_value':
      return `must be one of ${(issue.values ?? []).join(', ')}`
    case 'too_small':
      return isOwnWord(issue) ? ownWord(issue) : tooSmall(issue)
    case 'too_big':
      return isOwnWord(issue) ? ownWord(issue) : tooBig(issue)
    default:
      return ownWord(issue)
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}

const kind = ({ expected = '' }: Issue) => KINDS[expected] ?? expected

function tooSmall({ origin, minimum = 1 }: Issue): string {
  if (origin === 'string') return Number(minimum) <= 1 ? 'must not be empty' : `must have at least ${minimum} characters`
  if (origin === 'array') return Number(minimum) <= 1 ? 'must not be an empty list' : `must have at least ${minimum} entries`
  return `must be at least ${minimum}`
}

function tooBig({ origin, maximum = 0 }: Issue): string {
  if (origin === 'string') return `must have at most ${maximum} characters; shorten it`
  if (origin === 'array') return `must have at most ${maximum} entries; send the others in another request`
  return `must be at most ${maximum}`
}

/** Whether the action's author worded the rule; zod's own words begin like this. */
const isOwnWord = ({ message }: Issue) => !/^(Too (small|big)|Invalid)/.test(message)

const ownWord = (issue: Issue) => (isOwnWord(issue) ? issue.message.replace(/\.$/, '').slice(0, 200) : 'is not valid')

function named(keys: readonly string[]): string {
  const shown = keys.slice(0, 3).map((key) => JSON.stringify(key.slice(0, 50)))
  return `${shown.join(', ')}${keys.length > shown.length ? ', …' : ''}`
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((found, name) => {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined
    return (found as Record<PropertyKey, unknown>)[name]
  }, value)
}
