import { parseArgs } from 'node:util'
import { DemoError } from './DemoError.js'

/** What stands after `npm start --`. */
export interface DemoArguments {
  /** How many leads ana's and ben's organisation shall have at least; null: those of the seeds alone. */
  leads: number | null
  /** Start over: the demo's own rows and messages are thrown away first. */
  reset: boolean
}

/** As many as a page reads of a table: more would be there without being seen. */
const MOST_LEADS = 10_000
const USAGE = 'Known are --leads <count> and --reset, after two dashes: npm start -- --leads 5000 --reset. Nothing was started.'

/**
 * Reads `--leads <count>` (0 to 10,000) and `--reset`. Pure.
 * @throws {DemoError} one line that names the wrong one
 */
export function readDemoArguments(args: readonly string[]): DemoArguments {
  const { leads, reset } = parse(args)
  if (leads !== undefined && !(/^\d{1,5}$/.test(leads) && Number(leads) <= MOST_LEADS))
    throw new DemoError(`--leads is "${leads}", but it must be a whole number from 0 to ${MOST_LEADS}. Nothing was started.`)
  return { leads: leads === undefined ? null : Number(leads), reset }
}

function parse(args: readonly string[]): { leads?: string | undefined; reset: boolean } {
  try {
    const { values } = parseArgs({ args: [...args], options: { leads: { type: 'string' }, reset: { type: 'boolean', default: false } } })
    return values
  } catch (error) {
    throw new DemoError(`${(error as Error).message.split('. ')[0]}. ${USAGE}`)
  }
}
