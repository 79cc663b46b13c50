import { ConfigError } from '../engine/config/ConfigError.js'

/** The modules there are, each after those it needs. */
export const MODULE_NAMES = ['bookings', 'leads', 'sms', 'crm'] as const

export type ModuleName = (typeof MODULE_NAMES)[number]

/** Without what a module cannot be: an SMS goes to a lead, and the tables of crm are mapped as bookings' and leads'. */
const NEEDS: Readonly<Record<ModuleName, readonly ModuleName[]>> = { bookings: [], leads: [], sms: ['leads'], crm: ['bookings', 'leads'] }

/**
 * Reads `MODULES`; `none` stands for no module at all.
 * @throws {ConfigError} when a name is unknown, or one that another one needs is left out
 */
export function modulesOf(names: readonly string[]): readonly ModuleName[] {
  const wanted = names.length === 1 && names[0] === 'none' ? [] : names
  const unknown = wanted.find((name) => !isModule(name))
  if (unknown !== undefined)
    throw new ConfigError(`MODULES is wrong: it must name ${MODULE_NAMES.join(', ')}, separated by commas, or be none.`)
  const chosen = MODULE_NAMES.filter((name) => wanted.includes(name))
  for (const name of chosen) {
    const missing = NEEDS[name].find((needed) => !chosen.includes(needed))
    if (missing !== undefined)
      throw new ConfigError(`MODULES leaves out ${missing}, which ${name} needs. Add ${missing}, or leave out ${name}.`)
  }
  return chosen
}

/** The modules that a deployment does without. */
export function leftOutOf(modules: readonly ModuleName[]): readonly ModuleName[] {
  return MODULE_NAMES.filter((name) => !modules.includes(name))
}

/** The tracked tables on which modules work, as clients know them: crm's, or mapped ones of the team's. */
export function tablesOf(modules: readonly ModuleName[]): readonly string[] {
  return modules.flatMap((name) => TABLES[name])
}

const TABLES: Readonly<Record<ModuleName, readonly string[]>> = { bookings: ['appointments'], leads: ['leads'], sms: [], crm: [] }

const isModule = (name: string): name is ModuleName => (MODULE_NAMES as readonly string[]).includes(name)
