import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npm } from './commands.mjs'
import { build, typecheck } from './consumer.mjs'
import { followPage } from './page.mjs'
import { npmrc } from './registry.mjs'
import { runSuite } from './suite.mjs'

const APP = fileURLToPath(new URL('../recipes/app', import.meta.url))

/** Follows the guide's page "Your own button": its commands and its files as they stand, on one page, clicked in Chromium. */
export async function followRecipes(steps, { folder, registry }) {
  const built = await steps.step('own-button.md compiles with what it installs', () => followInApp(folder, registry))
  if (built)
    await steps.step('own-button.md: every button is announced, keeps the focus and passes axe', () =>
      runSuite('recipes', folder, 'RECIPES_URL'),
    )
}

async function followInApp(folder, registry) {
  cpSync(APP, folder, { recursive: true })
  writeFileSync(join(folder, '.npmrc'), npmrc(registry))
  await npm(['install', '--no-package-lock'], { cwd: folder })
  await followPage('own-button', { folder, env: { npm_config_package_lock: 'false' } })
  await typecheck(folder)
  await build(folder)
}
