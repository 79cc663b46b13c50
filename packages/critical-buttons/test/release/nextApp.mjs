import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, untilAnswers } from '@org/tooling/loopback'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const TEMPLATE = fileURLToPath(new URL('./nextApp', import.meta.url))
const OURS = ['contracts', 'sync-core', 'critical-buttons']
const NEXT = '16.4.6'
const REACT = '19.3.1'

/** A Next app outside the workspace, with our built packages as a team would install them. */
export async function installNextApp(folder) {
  cpSync(TEMPLATE, folder, { recursive: true })
  const tarballs = join(folder, 'tarballs')
  mkdirSync(tarballs)
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  for (const name of OURS) {
    await run('npm', ['exec', '--yes', '--', packageManager, 'pack', '--pack-destination', tarballs], join(ROOT, 'packages', name))
  }
  const tarballOf = (name) => `file:tarballs/${readdirSync(tarballs).find((file) => file.startsWith(`org-${name}-`))}`
  const ours = Object.fromEntries(OURS.map((name) => [`@org/${name}`, tarballOf(name)]))
  const dependencies = { ...ours, next: NEXT, react: REACT, 'react-dom': REACT }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module', dependencies }))
  await run('npm', ['install', '--no-package-lock', '--no-fund', '--no-audit'], folder)
}

export function buildNextApp(folder) {
  return run(process.execPath, [nextIn(folder), 'build'], folder)
}

/** Serves the built app; `stop` ends it. */
export async function startNextApp(folder) {
  const port = await freePort()
  const args = [nextIn(folder), 'start', '--hostname', '127.0.0.1', '--port', String(port)]
  const child = spawn(process.execPath, args, { cwd: folder, env: environment(), stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}/`
  await untilAnswers(url, child)
  return {
    url,
    stop: async () => {
      const exited = once(child, 'exit')
      child.kill()
      await exited
    },
  }
}

function nextIn(folder) {
  return join(folder, 'node_modules/next/dist/bin/next')
}

function environment() {
  return { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
}

async function run(command, args, cwd) {
  const child = spawn(command, args, { cwd, env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with exit code ${code}:\n${output.slice(-4_000)}`)
}
