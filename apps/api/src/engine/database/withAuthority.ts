import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ConfigError } from '../config/ConfigError.js'

/** Modes that check the server's certificate, as `pg` takes them without a file. */
const CHECKING = new Set(['require', 'prefer', 'verify-ca'])
/** Modes that check nothing: with them an authority would be named in vain. */
const CARELESS = new Set(['disable', 'allow', 'prefer', 'no-verify'])

/**
 * The address with whom to trust in it, as libpq understands `sslmode`: with an authority of one's own `require` and
 * `verify-ca` check that it vouches for the server, `verify-full` (also when nothing is said) the server's name, too.
 * Without one the name is always checked.
 * @param caFile `DATABASE_CA_FILE`; null: `sslrootcert` in the address, or those that this system trusts
 * @throws {ConfigError} naming the setting, when the file cannot be read, is no certificate, or would be named in vain
 */
export function withAuthority(databaseUrl: string, caFile: string | null): string {
  const url = new URL(databaseUrl)
  const mode = url.searchParams.get('sslmode')
  const file = caFile ?? url.searchParams.get('sslrootcert')
  if (file === null) {
    // What it does with these anyway; said so, it needs no warning of several lines.
    if (mode !== null && CHECKING.has(mode) && !url.searchParams.has('uselibpqcompat')) url.searchParams.set('sslmode', 'verify-full')
    return url.href
  }
  const setting = caFile === null ? 'sslrootcert in DATABASE_URL' : 'DATABASE_CA_FILE'
  requireCertificate(file, setting)
  if (mode !== null && CARELESS.has(mode))
    throw new ConfigError(
      `${setting} is set in vain: sslmode=${mode} in DATABASE_URL checks no certificate. Say sslmode=verify-full there.`,
    )
  url.searchParams.set('sslrootcert', file)
  url.searchParams.set('sslmode', mode ?? 'verify-full')
  url.searchParams.set('uselibpqcompat', 'true')
  return url.href
}

function requireCertificate(file: string, setting: string): void {
  const text = read(file, setting)
  try {
    new X509Certificate(text)
  } catch {
    throw new ConfigError(`${setting} is wrong: the file holds no certificate. It must be PEM, beginning with -----BEGIN CERTIFICATE-----.`)
  }
}

function read(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as { code?: string }
    throw new ConfigError(`${setting} is wrong: the file cannot be read (${code ?? 'unknown error'}). Nothing was started.`)
  }
}
