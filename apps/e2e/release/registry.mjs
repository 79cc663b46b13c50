import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, untilAnswers } from '@org/tooling/loopback'

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
  await untilAnswers(`${url}-/ping`, child)
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
