import { statement } from '../database/Statement.js'
import type { TransactionPort } from './TransactionPort.js'

interface Probe {
  kept: string | null
  isolation: string
  part: boolean
}

/**
 * Tries a team's `transaction` once, so that what would break the guarantee is told at once and not by a lost click.
 * @throws {TypeError} that says what is wrong with it
 */
export async function proveTransaction<Tx>(transaction: TransactionPort<Tx>): Promise<void> {
  const stop = new Error('the end of the probe')
  let probe: Probe | undefined
  let isReached = false
  const ended = await transaction(async ({ query }) => {
    await query(statement`select set_config('sync.probe', 'kept', true)`)
    const [row] = await query(
      statement`select nullif(current_setting('sync.probe', true), '') as kept, current_setting('transaction_isolation') as isolation,
        sync.is_part_of_transaction() as part`,
    )
    probe = row as Probe | undefined
    isReached = true
    throw stop
  }).then(
    () => 'resolved' as const,
    (error: unknown) => {
      if (!isReached) throw error
      return 'rejected' as const
    },
  )
  const complaint = complaintAbout(probe, ended)
  if (complaint !== null) throw new TypeError(`The \`transaction\` given to inLedger cannot be used: ${complaint}`)
}

function complaintAbout(probe: Probe | undefined, ended: 'resolved' | 'rejected'): string | null {
  if (probe === undefined) return 'its `query` gives no rows. It must resolve to the rows that the statement returned.'
  if (probe.kept !== 'kept') return 'two statements in it ran in different transactions. Run each on the connection that began it.'
  if (probe.isolation !== 'read committed')
    return `it is "${probe.isolation}", in which a duplicate could not see the first one's answer. Open it as read committed.`
  if (probe.part) return 'it was opened inside another one, which could be undone after the answer was given. Open one of its own.'
  if (ended === 'resolved') return 'it resolved although its work had failed. It must roll back and reject with the same error.'
  return null
}
