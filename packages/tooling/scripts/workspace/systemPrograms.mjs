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
  firefox: {
    debianPackage: 'firefox-esr',
    names: ['firefox-esr', 'firefox'],
    paths: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
    override: 'FIREFOX_PATH',
  },
  webkitDriver: { debianPackage: 'webkit2gtk-driver', names: ['WebKitWebDriver'], paths: [], override: 'WEBKIT_DRIVER_PATH' },
  // The small browser that WebKit's driver starts comes with it, outside of PATH.
  webkit: {
    debianPackage: 'webkit2gtk-driver',
    names: [],
    paths: ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`),
    override: 'WEBKIT_PATH',
  },
  xvfb: { debianPackage: 'xvfb', names: ['Xvfb'], paths: [], override: 'XVFB_PATH' },
}

/**
 * Finds programs, and installs what is missing where that is possible (root on Debian).
 * @template {keyof typeof PROGRAMS} Name
 * @param {readonly Name[]} names
 * @returns {Promise<Record<Name, { path: string | null, installCommand: string }>>}
 */
export async function provideSystemPrograms(names) {
  const missing = names.map((name) => PROGRAMS[name]).filter((program) => !findProgram(program))
  if (missing.length > 0 && canInstall()) await aptInstall([...new Set(missing.map((program) => program.debianPackage))])
  const provided = names.map((name) => {
    const { debianPackage } = PROGRAMS[name]
    const installCommand = `sudo apt-get update && sudo apt-get install -y ${debianPackage}`
    return [name, { path: findProgram(PROGRAMS[name]), installCommand }]
  })
  return Object.fromEntries(provided)
}

/** The path of Chromium, or null. */
export function findChromium() {
  return findProgram(PROGRAMS.chromium)
}

/** The path of redis-server, or null. */
export function findRedisServer() {
  return findProgram(PROGRAMS.redis)
}

/**
 * The path of any of them, or null.
 * @param {keyof typeof PROGRAMS} name
 */
export function findSystemProgram(name) {
  return findProgram(PROGRAMS[name])
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
