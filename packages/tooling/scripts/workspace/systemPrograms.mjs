import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.mjs'

/**
 * Programs that tests need and the package registry does not have. `paths` are tried before PATH.
 * The first one found counts.
 */
const PROGRAMS = {
  chromium: {
    debianPackage: 'chromium',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    paths: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
    override: 'CHROMIUM_PATH',
  },
  redis: { debianPackage: 'redis-server', names: ['redis-server'], paths: [], override: 'TEST_REDIS_SERVER' },
  nginx: { debianPackage: 'nginx-light', names: ['nginx'], paths: ['/usr/sbin/nginx'], override: 'NGINX_PATH' },
}

/**
 * Finds programs, and installs what is missing where that is possible (root on Debian).
 * @param {(keyof typeof PROGRAMS)[]} wanted
 * @returns {Promise<Record<string, { path: string | null, installCommand: string }>>} by those names
 */
export async function provideSystemPrograms(wanted = ['chromium', 'redis']) {
  const programs = wanted.map((name) => [name, PROGRAMS[name]])
  const missing = programs.map(([, program]) => program).filter((program) => !findProgram(program))
  if (missing.length > 0 && canInstall()) await aptInstall(missing.map((program) => program.debianPackage))
  return Object.fromEntries(
    programs.map(([name, program]) => [
      name,
      { path: findProgram(program), installCommand: `sudo apt-get update && sudo apt-get install -y ${program.debianPackage}` },
    ]),
  )
}

/** The path of Chromium, or null. */
export function findChromium() {
  return findProgram(PROGRAMS.chromium)
}

/** The path of redis-server, or null. */
export function findRedisServer() {
  return findProgram(PROGRAMS.redis)
}

function findProgram({ names, paths, override }) {
  if (process.env[override]) return process.env[override]
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
  return [...onPath, ...paths].find((path) => existsSync(path)) ?? null
}

function canInstall() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
}

async function aptInstall(packages) {
  console.log(`Installing ${packages.join(' and ')} with apt-get …`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update'], { quietly: 'reading package lists', env })
  // A failure shows itself later: the program is still missing, and its suites are listed as not run.
  await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { quietly: `installing ${packages.join(' and ')}`, env })
}
