import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './root.mjs'

/**
 * The tasks that failed in a turbo run with `--summarize`: a type error or a size has no test that could be named.
 * @param {number} startedAt epoch ms; runs that began earlier are not looked at
 * @returns {string[]} such as "@org/bench#size"
 */
export function failedTasks(startedAt, runs = join(ROOT, '.turbo/runs')) {
  if (!existsSync(runs)) return []
  const files = readdirSync(runs).map((file) => join(runs, file))
  return files.filter((file) => statSync(file).mtimeMs >= startedAt).flatMap(failedIn)
}

function failedIn(file) {
  const { tasks = [] } = JSON.parse(readFileSync(file, 'utf8'))
  return tasks.filter(({ execution }) => execution && execution.exitCode !== 0).map(({ taskId }) => taskId)
}
