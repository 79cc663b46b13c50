import type { RowsState } from '../data/useRows.js'

const count = new Intl.NumberFormat()

/** How many leads there are and how many of them are shown, in words. Nothing is called a whole before it is. Pure. */
export function leadsSummary(status: RowsState['status'], listed: number, all: number): string {
  if (status === 'loading') return all === 0 ? 'Loading …' : `Loading … ${count.format(all)} so far`
  if (status === 'error') return 'Not loaded yet'
  if (listed !== all) return `${count.format(listed)} of ${count.format(all)} shown`
  return `${count.format(all)} ${all === 1 ? 'lead' : 'leads'}`
}
