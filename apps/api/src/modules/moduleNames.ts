import { ConfigError } from '../engine/config/ConfigError.js'

/** The modules there are, each after those whose tables it works on. */
export const MODULE_NAMES = ['crm', 'bookings', 'leads', 'sms'] as const

export type ModuleName = (typeof MODULE_NAMES)[number]

/** On whose tables a module works. */
const NEEDS: Readonly<Record<ModuleName, readonly ModuleName[]>> = { crm: [], bookings: ['crm'], leads: ['crm'], sms: ['crm'] }

/**
 * Reads `MODULES`; `none` stands for no module at all.
 * @throws {ConfigError} when a name is unknown, or the module whose tables another one needs is left out
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
      throw new ConfigError(`MODULES leaves out ${missing}, whose tables ${name} works on. Add ${missing}, or leave out ${name}.`)
  }
  return chosen
}

const isModule = (name: string): name is ModuleName => (MODULE_NAMES as readonly string[]).includes(name)
