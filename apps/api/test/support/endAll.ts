/**
 * Ends what a suite opened, one after the other, whatever one of them fails with: also what its start never came to open. A
 * server that is left running would keep the whole run from its end.
 * @throws {AggregateError} of all that failed, once everything was tried
 */
export async function endAll(...ends: readonly (() => unknown)[]): Promise<void> {
  const failures: unknown[] = []
  for (const end of ends) {
    try {
      await end()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Not all that this suite opened could be ended.')
}
