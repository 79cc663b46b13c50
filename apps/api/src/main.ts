import { parseArgs } from 'node:util'
import { loadConfig, loadModules } from './config.js'
import { createDependencies, type Dependencies, migrateOnly } from './dependencies.js'
import { ConfigError } from './engine/config/ConfigError.js'
import { DatabaseError } from './engine/database/DatabaseError.js'
import { copyMigrations } from './engine/migrations/copyMigrations.js'
import { leftOutOf } from './modules/moduleNames.js'
import { type RunningApi, startApi } from './startApi.js'

const USAGE = `org-api start                          serves the API (also without a word)
org-api migrate                        brings the schema of DATABASE_URL up to date and ends
org-api migrations copy --to <dir>     copies the migrations of MODULES to where another tool applies them, for example
                                       supabase/migrations; again, it brings what is new. With --plain-postgres also
                                       the roles and helpers that Supabase has and plain Postgres lacks
`

/** Troubles a person can mend get their one line; anything else is our bug and shows where. */
function describeFailure(error: unknown): string {
  if (error instanceof ConfigError || error instanceof DatabaseError) return error.message
  const { code, port } = error as { code?: string; port?: number }
  if (code === 'EADDRINUSE') return `Port ${port} is in use. Stop what listens there, or set PORT to another one.`
  if (code === 'EACCES') return `Port ${port} may not be opened by this user. Set PORT to one above 1023.`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

async function startOrClose(dependencies: Dependencies): Promise<RunningApi> {
  try {
    return await startApi(dependencies)
  } catch (error) {
    await dependencies.close()
    throw error
  }
}

async function start(): Promise<void> {
  const dependencies = await createDependencies(loadConfig(process.env))
  const api = await startOrClose(dependencies)
  dependencies.log.info({ port: api.port }, 'ready')
  const stop = () => void api.stop().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

async function migrate(): Promise<void> {
  const applied = await migrateOnly(loadConfig(process.env, { purpose: 'migrate' }))
  process.stdout.write(applied.length === 0 ? 'The schema is up to date.\n' : `Applied:\n${applied.map((name) => `  ${name}\n`).join('')}`)
}

interface CopyWords {
  to: string
  plainPostgres: boolean
}

/** `migrations copy --to <dir>`; null for other words. */
function readCopyWords([first, second, ...args]: readonly string[]): CopyWords | null {
  if (first !== 'migrations' || second !== 'copy') return null
  try {
    const options = { to: { type: 'string' }, 'plain-postgres': { type: 'boolean', default: false } } as const
    const { to, 'plain-postgres': plainPostgres } = parseArgs({ args, options }).values
    return to === undefined || to === '' ? null : { to, plainPostgres }
  } catch {
    return null
  }
}

async function copy({ to, plainPostgres }: CopyWords): Promise<void> {
  const { write, same } = await copyMigrations({ to, plainPostgres, leftOut: leftOutOf(loadModules(process.env)) })
  const copied = write.map(({ file }) => `  ${file}\n`).join('')
  process.stdout.write(write.length === 0 ? `All ${same.length} migrations are there already.\n` : `Copied to ${to}:\n${copied}`)
}

async function main(words: readonly string[]): Promise<void> {
  const [command = 'start', ...more] = words
  const copying = readCopyWords(words)
  if (copying !== null) return copy(copying)
  if (more.length === 0 && command === 'start') return start()
  if (more.length === 0 && command === 'migrate') return migrate()
  const asked = command === '--help' || command === 'help'
  process[asked ? 'stdout' : 'stderr'].write(asked ? USAGE : `There is no "org-api ${[command, ...more].join(' ')}".\n${USAGE}`)
  process.exitCode = asked ? 0 : 2
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${describeFailure(error)}\n`)
  process.exit(1)
})
