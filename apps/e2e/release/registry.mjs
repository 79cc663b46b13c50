import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

/**
 * A registry on loopback that holds our packages alone; everything else comes from the usual one.
 * @param {string} tools where verdaccio is installed
 * @returns {Promise<{ url: string, stop(): Promise<void> }>}
 */
export async function startRegistry(tools, folder) {
  mkdirSync(folder, { recursive: true })
  const port = await freePort()
  const config = join(folder, 'config.yaml')
  const access = { '@org/*': { access: '$all', publish: '$all' } }
  const settings = { storage: join(folder, 'storage'), packages: access, uplinks: {}, log: { type: 'stdout', level: 'fatal' } }
  // JSON is YAML too.
  writeFileSync(config, JSON.stringify(settings))
  const verdaccio = join(tools, 'node_modules/verdaccio/bin/verdaccio')
  const child = fork(verdaccio, ['--config', config, '--listen', `127.0.0.1:${port}`], { stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}/`
  await answering(url, child)
  return {
    url,
    stop: async () => {
      const exited = once(child, 'exit')
      child.kill()
      await exited
    },
  }
}

/** What a project's .npmrc says to take `@org/*` from it. Anybody may publish there, but npm insists on a token. */
export function npmrc(url) {
  return `@org:registry=${url}\n${url.replace('http:', '')}:_authToken=anybody\nfund=false\naudit=false\n`
}

async function answering(url, child) {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`The registry ended with exit code ${child.exitCode} before it answered.`)
    const response = await fetch(`${url}-/ping`).catch(() => null)
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  child.kill()
  throw new Error('The registry did not answer within 20 s.')
}

function freePort() {
  const probe = createServer()
  return new Promise((resolve) => {
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
