import { spawn } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npm } from './commands.mjs'
import { build, serve, typecheck } from './consumer.mjs'
import { npmrc } from './registry.mjs'

const E2E = fileURLToPath(new URL('..', import.meta.url))

/**
 * Our buttons inside the modals, menus and grids of others, installed as a team would: in Chromium, by pointer and keyboard.
 * @param {{ folder: string, registry: string, version: string }} where `version` of our packages
 */
export async function lookIntoHosts(steps, { folder, registry, version }) {
  const built = await steps.step('hosts: their libraries are installed beside ours, and the page is built', () =>
    install(folder, registry, version),
  )
  if (built) await steps.step('hosts: every modal, menu and grid, by pointer and by keyboard', () => press(folder))
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

async function press(folder) {
  const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli')
  const app = await serve(folder)
  try {
    const env = { ...process.env, HOSTS_URL: app.url }
    const child = spawn(process.execPath, [playwright, 'test', '-c', 'hosts'], { cwd: E2E, env, stdio: 'inherit' })
    const code = await new Promise((resolve) => child.on('exit', resolve))
    if (code !== 0) throw new Error(`it ended with exit code ${code}`)
  } finally {
    await app.stop()
  }
}
