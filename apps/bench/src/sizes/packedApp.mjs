import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PEER_PACKAGES } from './peers.mjs'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const OURS = ['contracts', 'sync-core', 'critical-buttons']
const REACT = '19.3.1'

/** An app outside the workspace with what npm installs: our packages as tarballs, and the peers. */
export function installPacked(folder) {
  const tarballs = join(folder, 'tarballs')
  mkdirSync(tarballs, { recursive: true })
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  for (const name of OURS)
    npm(['exec', '--yes', '--', packageManager, 'pack', '--pack-destination', tarballs], join(ROOT, 'packages', name))
  const tarballOf = (name) => `file:tarballs/${readdirSync(tarballs).find((file) => file.startsWith(`org-${name}-`))}`
  const ours = Object.fromEntries(OURS.map((name) => [`@org/${name}`, tarballOf(name)]))
  const dependencies = { ...ours, ...PEER_PACKAGES, react: REACT, 'react-dom': REACT }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'weighed', private: true, type: 'module', dependencies }))
  npm(['install', '--no-package-lock', '--no-fund', '--no-audit'], folder)
}

function npm(args, cwd) {
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
}
