/** What is wrong with a value and where: what anybody here reads of it, named as zod names it, so that one reader understands both. */
export interface Issue {
  /** The rule that was broken, for example "too_big". */
  code: string
  /** From the outside in; empty for the value itself. */
  path: PropertyKey[]
  /** The author's words, else "Invalid input". */
  message: string
  /** Of `too_big`. */
  maximum?: number | undefined
}

/** Adds a complaint about the value being read, or about what is at `path` in it. */
export function complain(issues: Issue[], code: string, { path = [], message = 'Invalid input', maximum }: Partial<Issue> = {}): void {
  issues.push({ code, path, message, maximum })
}
