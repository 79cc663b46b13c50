import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '@org/tooling/loopback'
import { run } from '../release/commands.mjs'

/** From this version on, `resolve` belongs to the nginx that anybody has. */
const RESOLVES_SINCE = [1, 27, 3]

/**
 * A real nginx with the shipped configuration, in which addresses alone are others.
 * @param {string} program
 * @param {{ folder: string, conf: string, upstreams: number[] }} options `conf`: the shipped file; `upstreams`: ports of replicas
 * @returns {Promise<{ url: string, log: () => string, stop(): Promise<void> }>}
 */
export async function startNginx(program, { folder, conf, upstreams }) {
  const port = await freePort()
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'nginx.conf')
  const accessLog = join(folder, 'access.log')
  writeFileSync(file, withAddresses(readFileSync(conf, 'utf8'), { port, upstreams, accessLog, folder }))
  await run(program, ['-t', '-q', '-c', file, '-e', join(folder, 'error.log')], { cwd: folder })
  const child = spawn(program, ['-c', file, '-e', join(folder, 'error.log'), '-g', `daemon off; pid ${join(folder, 'pid')};`], {
    stdio: 'ignore',
  })
  const url = `http://127.0.0.1:${port}`
  await untilListening(url, child)
  return {
    url,
    log: () => readFileSync(accessLog, 'utf8'),
    stop: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** @returns {Promise<{ version: string, resolves: boolean }>} */
export async function aboutNginx(program) {
  const [, version = '0'] = /nginx\/([\d.]+)/.exec(await run(program, ['-v'], { cwd: '/' })) ?? []
  const parts = version.split('.').map(Number)
  const difference = RESOLVES_SINCE.map((part, index) => (parts[index] ?? 0) - part).find((one) => one !== 0) ?? 0
  return { version, resolves: difference >= 0 }
}

/** The shipped file's own words, tested by nginx as they are. */
export function testAsShipped(program, { folder, conf }) {
  mkdirSync(folder, { recursive: true })
  return run(program, ['-t', '-c', conf, '-e', join(folder, 'error.log'), '-g', `pid ${join(folder, 'pid')};`], { cwd: folder })
}

/**
 * Pure. Names that only containers know become ports of this machine, and files become files of this run.
 * @throws {Error} when the configuration no longer says one of them in the expected words
 */
export function withAddresses(text, { port, upstreams, accessLog, folder }) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${join(folder, kind)};`)
  return [
    [/server api:4000 resolve ([^;]*);/, (_all, rest) => upstreams.map((one) => `server 127.0.0.1:${one} ${rest};`).join(' ')],
    [/listen 8080;/, () => `listen 127.0.0.1:${port};`],
    [/\/dev\/stdout/, () => accessLog],
    [/http \{/, () => `http { ${temporary.join(' ')}`],
  ].reduce((conf, [pattern, replacement]) => {
    if (!pattern.test(conf)) throw new Error(`nginx.conf says nothing like ${pattern}.`)
    return conf.replace(pattern, replacement)
  }, text)
}

async function untilListening(url, child) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode} before it listened`)
    if (await fetch(url).catch(() => null)) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`nginx does not listen at ${url}`)
}
