/** What is wrong with a value and where. The fields are named as zod names them, so that one reader understands both. */
export interface Issue {
  /** The rule that was broken, for example "too_big". */
  code: string
  /** From the outside in; empty for the value itself. */
  path: PropertyKey[]
  /** The author's words, else "Invalid input". */
  message: string
  /** Of `invalid_type`. */
  expected?: string
  /** Of `too_small` and `too_big`: what was measured. */
  origin?: string
  minimum?: number
  maximum?: number
  /** Of `unrecognized_keys`. */
  keys?: string[]
  /** Of `invalid_value`. */
  values?: readonly unknown[]
}

/** Adds a complaint about the value being read. `rule` holds what the rule has beside its code. */
export function complain(issues: Issue[], code: string, rule?: Partial<Issue>): void {
  issues.push({ code, path: [], message: 'Invalid input', ...rule })
}
