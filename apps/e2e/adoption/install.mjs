import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npm } from '../release/commands.mjs'
import { PUBLISHED, pack } from '../release/packages.mjs'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const TEMPLATE = fileURLToPath(new URL('./app', import.meta.url))

/** Packs our built packages as a release would. @returns {Promise<Record<string, string>>} tarballs by package name */
export async function packAll(folder) {
  const tarballs = {}
  for (const path of PUBLISHED) tarballs[`@org/${basename(path)}`] = await pack(ROOT, path, folder)
  return tarballs
}

/** The app in a folder outside the workspace, with everything it needs and our packages out of their tarballs. */
export async function installApp(app, tarballs) {
  cpSync(TEMPLATE, app, { recursive: true })
  const path = join(app, 'package.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8'))
  for (const [name, tarball] of Object.entries(tarballs)) manifest.dependencies[name] = `file:${tarball}`
  writeFileSync(path, JSON.stringify(manifest, null, 2))
  await npm(['install', '--no-package-lock', '--no-fund', '--no-audit', '--prefer-offline'], { cwd: app })
}
