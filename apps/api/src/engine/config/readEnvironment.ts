import { ConfigError } from './ConfigError.js'

const INVISIBLE = /[\p{Cc}\u200b-\u200d\u2060\ufeff]/u
const QUOTED = /^(["']).*\1$/

/**
 * The values of these variables that are set, without the spaces and line ends that files, secrets and shells leave around
 * them. What would be taken as a part of a value although nobody sees or means it is refused: it would fail much later, as
 * a password that is wrong or a signature that never fits.
 * @throws {ConfigError}
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>, names: readonly string[]): Record<string, string> {
  const set = names.flatMap((name) => {
    const value = env[name]?.trim() ?? ''
    return value === '' ? [] : [[name, value] as const]
  })
  for (const [name, value] of set) {
    if (INVISIBLE.test(value))
      throw new ConfigError(`${name} is wrong: it holds a line break or another character that nobody sees. Write it anew, in one line.`)
    if (QUOTED.test(value))
      throw new ConfigError(`${name} is wrong: it stands in quotes, which count as a part of it here. Take them away.`)
  }
  return Object.fromEntries(set)
}
