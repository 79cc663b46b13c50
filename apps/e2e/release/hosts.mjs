import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npm } from './commands.mjs'
import { build, typecheck } from './consumer.mjs'
import { npmrc } from './registry.mjs'
import { runSuite } from './suite.mjs'

const E2E = fileURLToPath(new URL('..', import.meta.url))

/**
 * Our buttons inside the modals, menus and grids of others, installed as a team would: in Chromium, by pointer and keyboard.
 * @param {{ folder: string, registry: string, version: string }} where `version` of our packages
 */
export async function lookIntoHosts(steps, { folder, registry, version }) {
  const built = await steps.step('hosts: their libraries are installed beside ours, and the page is built', () =>
    install(folder, registry, version),
  )
  if (built) await steps.step('hosts: every modal, menu and grid, by pointer and by keyboard', () => runSuite('hosts', folder, 'HOSTS_URL'))
}

async function install(folder, registry, version) {
  cpSync(join(E2E, 'hosts/app'), folder, { recursive: true })
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  manifest.dependencies['@org/critical-buttons'] = version
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
  writeFileSync(join(folder, '.npmrc'), npmrc(registry))
  await npm(['install', '--no-package-lock'], { cwd: folder })
  await typecheck(folder)
  await build(folder)
}
