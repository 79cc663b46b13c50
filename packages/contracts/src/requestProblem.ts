import { pathOf } from './check.js'
import type { Issue } from './parser/Issue.js'
import type { StandardIssue } from './StandardSchema.js'

/** What is wrong with a request, as far as a person can mend it. */
export interface RequestProblem {
  /** The property of the request, for example "message"; empty for the request itself. */
  field: string
  /** `missing`: not given, empty or with nothing to see. `invalid`: anything else. */
  kind: 'missing' | 'too-long' | 'invalid'
  /** Of `too-long`: how many characters or entries it may have, and how many it has. */
  limit: number
  size: number
}

/** Reads a schema's complaint. What a library other than zod does not tell is `invalid`. */
export function problemOf(issue: StandardIssue, request: unknown): RequestProblem {
  const [name] = pathOf(issue)
  const value = name === undefined ? request : (request as Readonly<Record<PropertyKey, unknown>> | null)?.[name]
  const { code, maximum } = issue as Partial<Issue>
  const size = Array.isArray(value) ? value.length : typeof value === 'string' ? [...value].length : 0
  const problem = { field: String(name ?? ''), limit: Number(maximum ?? 0), size }
  if (code === 'too_big' && size > problem.limit) return { ...problem, kind: 'too-long' }
  const isEmpty = value === undefined || value === null || (code === 'too_small' && size === 0) || issue.message === BLANK
  return { ...problem, kind: isEmpty ? 'missing' : 'invalid' }
}

/** The complaint about a text of which nobody would see anything. */
export const BLANK = 'must not be blank'

const count = (value: number) => value.toLocaleString('en-US')

/** A sentence for a person, in the action's own words where it has some. Names the rule, never the value. */
export function problemText(problem: RequestProblem, words?: (problem: RequestProblem) => string | undefined): string {
  const { field, kind, limit, size } = problem
  const own = words?.(problem)
  if (own !== undefined) return own
  const what = field === '' ? 'The request' : `"${field.slice(0, 100)}"`
  if (kind === 'missing') return `${what} is missing, so nothing was sent.`
  if (kind === 'invalid') return `${what} is not valid, so nothing was sent.`
  return `${what} can hold at most ${count(limit)}; this one has ${count(size)}. Nothing was sent.`
}
