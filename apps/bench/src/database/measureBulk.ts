import type { ApiProcess } from './ApiProcess.js'
import { median, timed } from './timed.js'

const LEADS = 1_000
const SINGLE_STATUSES = ['contacted', 'qualified', 'proposal_sent'] as const
const BULK_STATUSES = ['negotiating', 'lost', 'new'] as const
const AT_ONCE = 16

/** A bulk of 1,000 leads beside 1,000 single calls, over HTTP, in turns. Times in ms, medians of the rounds. */
export async function measureBulk(api: ApiProcess) {
  const ids = Array.from({ length: LEADS }, (_, index) => `lead-${index + 1}`)
  const update = (body: object) => api.post('/api/leads/update-status', body)
  const taken = { single: [] as number[], bulk: [] as number[], parallel: [] as number[] }
  await update({ leadIds: ids.slice(0, 10), status: 'lost' })
  for (const [round, status] of SINGLE_STATUSES.entries()) {
    const single = async () => {
      for (const leadId of ids) await update({ leadId, status })
    }
    taken.single.push(await timed(single))
    taken.bulk.push(await timed(() => update({ leadIds: ids, status: BULK_STATUSES[round] })))
  }
  taken.parallel.push(await timed(() => inParallel(ids, (leadId) => update({ leadId, status: 'contacted' }))))
  const [singleMs, bulkMs, parallelMs] = [median(taken.single), median(taken.bulk), median(taken.parallel)]
  return { leads: LEADS, singleMs, bulkMs, parallelMs, faster: singleMs / bulkMs, fasterThanParallel: parallelMs / bulkMs }
}

async function inParallel(ids: readonly string[], work: (id: string) => Promise<unknown>): Promise<void> {
  let next = 0
  const worker = async () => {
    for (let id = ids[next++]; id !== undefined; id = ids[next++]) await work(id)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}
