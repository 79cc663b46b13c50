import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { workspacePackages } from './packages.mjs'
import { ROOT } from './root.mjs'

/**
 * The suites that could not run because a program is missing: `*.redis.test.ts` needs redis-server,
 * a package's `test:browser` script needs Chromium.
 * @returns {{ suite: string, installCommand: string }[]}
 */
export function notRunSuites({ chromium, redis }) {
  const packages = workspacePackages()
  const browser = chromium.path ? [] : packages.filter(({ scripts }) => scripts['test:browser']).map(({ name }) => `${name} test:browser`)
  const onRedis = redis.path ? [] : packages.flatMap(({ folder }) => redisSuites(folder))
  return [
    ...browser.map((suite) => ({ suite, installCommand: chromium.installCommand })),
    ...onRedis.map((suite) => ({ suite, installCommand: redis.installCommand })),
  ]
}

function redisSuites(folder) {
  return ['src', 'test'].flatMap((part) => {
    try {
      return readdirSync(join(folder, part), { recursive: true })
        .filter((file) => file.endsWith('.redis.test.ts'))
        .map((file) => relative(ROOT, join(folder, part, file)))
    } catch (error) {
      if (error.code === 'ENOENT') return []
      throw error
    }
  })
}
