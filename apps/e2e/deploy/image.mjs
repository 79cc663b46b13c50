import { spawn } from 'node:child_process'
import { chmodSync, cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm, run } from '../release/commands.mjs'

/**
 * What an image of the API would hold, as a folder: production packages out of tarballs, and the words of the Dockerfile.
 * @typedef {object} Image
 * @property {string} folder the image's /app
 * @property {string} deploy the shipped files of deployment
 * @property {{ user: { uid: number, gid: number }, env: Record<string, string>, command: string[], healthCheck: string[], extras: string[] }} recipe
 */

/**
 * Installs the packed API as the Dockerfile does, with the tarballs in place of a registry.
 * @param {string} folder
 * @param {{ contracts: string, api: string }} tarballs
 * @returns {Promise<Image>}
 */
export async function buildImage(folder, { contracts, api }) {
  const unpacked = join(folder, '..', 'package')
  mkdirSync(unpacked, { recursive: true })
  await run('tar', ['-xzf', api, '--strip-components=1', '-C', unpacked], { cwd: unpacked })
  const deploy = join(unpacked, 'deploy')
  const recipe = readDockerfile(readFileSync(join(deploy, 'Dockerfile'), 'utf8'))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'app', private: true }))
  await npm(['install', '--omit=dev', '--no-audit', '--no-fund', '--no-package-lock', contracts, api, ...recipe.extras], { cwd: folder })
  return { folder, deploy, recipe }
}

/** The same image one release later: `file` is a migration that only it knows. */
export function nextImage(image, folder, { file, sql }) {
  cpSync(image.folder, folder, { recursive: true, verbatimSymlinks: true })
  writeFileSync(join(folder, 'node_modules/@org/api/supabase/migrations', file), sql)
  return { ...image, folder }
}

/**
 * Lets the image's own user into folders that were made for whoever runs this. Whatever it may not write, it may read.
 * @param {string[]} folders from the outermost
 */
export function openTo(folders) {
  for (const folder of folders) chmodSync(folder, 0o755)
}

/** Starts a command in the image: its user, its folder, its settings and nothing of this process's. */
export function start(image, command, env = {}) {
  const [program, ...args] = command
  return spawn(program === 'node' ? process.execPath : program, args, {
    cwd: image.folder,
    env: { PATH: process.env.PATH ?? '', ...image.recipe.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(process.getuid?.() === 0 ? image.recipe.user : {}),
  })
}

/** Runs a command in the image to its end. */
export async function runIn(image, command, env) {
  const child = start(image, command, env)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text
    })
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  return { code, output }
}

/** @throws {Error} when it fails, with what it said */
export async function orgApi(image, words, env) {
  const { code, output } = await runIn(image, [...image.recipe.command.slice(0, 2), ...words], env)
  if (code !== 0) throw new Error(`org-api ${words.join(' ')} ended with ${code}:\n${output.slice(-2_000)}`)
  return output
}

/** Bytes of a folder, as they are stored. */
export function bytesBelow(path) {
  const entry = lstatSync(path)
  return entry.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0) : entry.size
}

/** Whether the image's user could write anything of it. Only root can look. */
export function isWritable(image, path) {
  const { uid, mode } = lstatSync(path)
  return uid === image.recipe.user.uid || (mode & 0o002) !== 0
}

/**
 * What the last stage of a Dockerfile says of how it is run, and which packages it adds to the API.
 * @throws {Error} when it does not say one of them
 */
export function readDockerfile(text) {
  const joined = text.replace(/\\\n\s*/g, ' ')
  const last = joined.slice(joined.lastIndexOf('\nFROM ') + 1)
  const find = (pattern, from = last) => {
    const found = pattern.exec(from)
    if (found === null) throw new Error(`The Dockerfile says nothing like ${pattern}.`)
    return found
  }
  const [, uid, gid] = find(/^USER (\d+):(\d+)$/m)
  const [, settings] = find(/^ENV (.+)$/m)
  const [, packages] = find(/npm install ([^\n&]+)/, joined)
  return {
    user: { uid: Number(uid), gid: Number(gid) },
    env: Object.fromEntries(settings.split(' ').map((setting) => setting.split('='))),
    command: JSON.parse(find(/^CMD (\[.+\])$/m)[1]),
    healthCheck: JSON.parse(find(/^HEALTHCHECK .*?CMD (\[.+\])$/m)[1]),
    extras: packages.split(/\s+/).filter((word) => word !== '' && !word.startsWith('-') && !word.includes('@org/api')),
  }
}
