/** A store that neither did what it was asked nor failed. What it does afterwards is not waited for. */
export class StoreSilentError extends Error {
  override readonly name = 'StoreSilentError'
  readonly code = 'STORE_SILENT'

  constructor(patienceMs: number) {
    super(
      `it neither answered nor failed within ${patienceMs} ms, and a request waits no longer. Find out what it waits for; every verb has to settle by itself. patienceMs says how long is too long.`,
    )
  }
}
