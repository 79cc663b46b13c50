/** A start that cannot go on, in one line that says why and what to do. */
export class DemoError extends Error {
  override name = 'DemoError'
}
