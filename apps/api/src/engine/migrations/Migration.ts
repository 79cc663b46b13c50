/** One file of SQL, applied once, as a whole. */
export interface Migration {
  /** The digits its name begins with; ours are `YYYYMMDDHHMMSS`. */
  version: string
  /** The rest of its name, without ".sql". */
  name: string
  sql: string
  /** Whose schema it makes: `engine` or a module; null for a team's own. */
  owner: string | null
}

/** The engine's own name among owners. */
export const ENGINE = 'engine'

export function fileNameOf({ version, name }: Pick<Migration, 'version' | 'name'>): string {
  return `${version}_${name}`
}
