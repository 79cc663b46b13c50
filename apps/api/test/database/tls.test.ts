import { chmod, chown, copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { withAuthority } from '../../src/engine/database/withAuthority.js'
import { endAll } from '../support/endAll.js'

const fixture = (name: string) => fileURLToPath(new URL(`tls/${name}`, import.meta.url))
const AUTHORITY = fixture('authority.pem')
const STRANGER = fixture('stranger.pem')

let directory: string
let server: PostgresServer
let address: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'org-api-tls-'))
  server = await startPostgres()
  const { dataDirectory } = server
  await server.halt()
  for (const name of ['server.pem', 'server.key']) await copyFile(fixture(name), join(dataDirectory, name))
  await writeFile(join(dataDirectory, 'postgresql.auto.conf'), "ssl = on\nssl_cert_file = 'server.pem'\nssl_key_file = 'server.key'\n")
  // Postgres takes no key that anybody else may read.
  const { uid, gid } = await stat(dataDirectory)
  for (const name of ['server.pem', 'server.key']) await chown(join(dataDirectory, name), uid, gid)
  await chmod(join(dataDirectory, 'server.key'), 0o600)
  await server.start()
  address = await server.createDatabase()
}, 60_000)

afterAll(() =>
  endAll(
    () => server.stop(),
    () => rm(directory, { recursive: true, force: true }),
  ),
)

/** What a start would find out: whether the connection is encrypted, or why there is none. */
async function connect(query: string, caFile: string | null, host = '127.0.0.1'): Promise<boolean | string> {
  const url = new URL(`${address}${query}`)
  url.hostname = host
  const database = await openDatabase({ databaseUrl: withAuthority(url.href, caFile), dataDirectory: ':memory:' })
  try {
    const [row] = await database.query<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()')
    return row?.ssl ?? false
  } catch (error) {
    return (error as Error).message
  } finally {
    await database.close()
  }
}

const refusal = (query: string, caFile: string | null): string => {
  try {
    return withAuthority(`${address}${query}`, caFile)
  } catch (error) {
    expect((error as Error).name).toBe('ConfigError')
    return (error as Error).message
  }
}

describe('a database whose certificate a private authority vouches for', () => {
  test.each(['', '?sslmode=require', '?sslmode=verify-ca', '?sslmode=verify-full'])('is reached with its file and "%s"', async (query) => {
    expect(await connect(query, AUTHORITY)).toBe(true)
  })

  test('is reached with its file in the address, too', async () => {
    expect(await connect(`?sslmode=require&sslrootcert=${encodeURIComponent(AUTHORITY)}`, null)).toBe(true)
  })

  test.each(['?sslmode=require', '?sslmode=verify-full'])('is not trusted without it, and "%s" says which setting helps', async (query) => {
    expect(await connect(query, null)).toMatch(/^The certificate of the database that DATABASE_URL names is not trusted.*DATABASE_CA_FILE/)
  })

  test.each(['', '?sslmode=require', '?sslmode=verify-full'])('is not trusted with somebody else\'s file and "%s"', async (query) => {
    expect(await connect(query, STRANGER)).toMatch(/is not trusted/)
  })

  test('must have the right name where names are checked', async () => {
    expect(await connect('', AUTHORITY, 'localhost')).toMatch(/for another name than DATABASE_URL says/)
    expect(await connect('?sslmode=verify-full', AUTHORITY, 'localhost')).toMatch(/for another name/)
    expect(await connect('?sslmode=require', AUTHORITY, 'localhost')).toBe(true)
  })
})

describe('a file that is not what it should be', () => {
  test('is named by its setting, on one line', async () => {
    const nonsense = join(directory, 'nonsense.pem')
    await writeFile(nonsense, 'no certificate')
    for (const file of ['/no/such.pem', directory, nonsense]) {
      expect(refusal('?sslmode=require', file)).toMatch(/^DATABASE_CA_FILE is wrong: [^\n]+$/)
      expect(refusal(`?sslrootcert=${encodeURIComponent(file)}`, null)).toMatch(/^sslrootcert in DATABASE_URL is wrong: [^\n]+$/)
    }
  })

  test.each(['disable', 'prefer', 'no-verify'])('is not named in vain with sslmode=%s', (mode) => {
    expect(refusal(`?sslmode=${mode}`, AUTHORITY)).toMatch(/^DATABASE_CA_FILE is set in vain/)
  })
})
