import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { installed, npm, run } from './commands.mjs'

/** What teams install, in the order of who needs whom. */
export const PUBLISHED = ['packages/contracts', 'packages/sync-core', 'packages/critical-buttons', 'apps/api']

/** Packs a built package (`path` from the root) as a release would, with its workspace ranges replaced, and returns the tarball. */
export async function pack(root, path, folder) {
  mkdirSync(folder, { recursive: true })
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const args = ['exec', '--yes', '--', packageManager, 'pack', '--pack-destination', folder]
  await npm(args, { cwd: join(root, path) })
  const tarball = readdirSync(folder).find((file) => new RegExp(`-${basename(path)}-\\d.*\\.tgz$`).test(file))
  return join(folder, tarball)
}

/** Refuses what a consumer must not get, and what every consumer needs to be there. */
export async function checkContents(tarball) {
  const files = (await run('tar', ['-tzf', tarball], { cwd: '.' })).trim().split('\n')
  const misplaced = files.filter((file) => /\.(test|stories)\.|\/src\/|\/test\/|\.env|node_modules/.test(file))
  if (misplaced.length > 0) throw new Error(`The tarball holds what is ours alone: ${misplaced.join(', ')}`)
  for (const wanted of ['package/package.json', 'package/README.md', 'package/LICENSE']) {
    if (!files.includes(wanted)) throw new Error(`The tarball lacks ${wanted}.`)
  }
}

/** publint: exports that lead nowhere, files in a format they do not say. */
export function publint(tools, tarball) {
  return installed(tools, 'publint/src/cli.js', ['run', tarball, '--strict'], { cwd: tools })
}

/** attw: types that resolve as the code does. Style sheets have none. */
export async function attw(tools, tarball) {
  const manifest = JSON.parse(await run('tar', ['-xzOf', tarball, 'package/package.json'], { cwd: tools }))
  const styles = Object.keys(manifest.exports).filter((entry) => entry.endsWith('.css'))
  const exclude = styles.length > 0 ? ['--exclude-entrypoints', ...styles.map((entry) => entry.replace('./', ''))] : []
  return installed(tools, '@arethetypeswrong/cli/dist/index.js', [tarball, '--profile', 'esm-only', ...exclude], { cwd: tools })
}
