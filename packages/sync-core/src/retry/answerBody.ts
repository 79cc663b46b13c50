/** The fields of an answer's body, whatever came; none when it is no object. */
export function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
}

/** One of them, if it is text. */
export function textIn(body: unknown, field: string): string | undefined {
  const value = fieldsOf(body)[field]
  return typeof value === 'string' ? value : undefined
}

/** One of them, if it is a number. */
export function numberIn(body: unknown, field: string): number | undefined {
  const value = fieldsOf(body)[field]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
