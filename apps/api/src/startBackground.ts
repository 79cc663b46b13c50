import type { Dependencies } from './dependencies.js'
import type { BackgroundTask } from './engine/background/BackgroundTask.js'
import { cleanUp, ENGINE_RETENTION } from './engine/background/cleanUp.js'
import { RepeatingTask } from './engine/background/RepeatingTask.js'
import { HistoryWatch } from './engine/changes/HistoryWatch.js'
import { redisHistoryMemory } from './engine/changes/redisHistoryMemory.js'

const WATCH_EVERY_MS = 5_000
const CLEAN_UP_EVERY_MS = 60 * 60 * 1_000

/** Starts what turns without requests. Every replica runs all of it; leases in the database keep them apart. */
export function startBackground(dependencies: Dependencies): { stop: () => Promise<void> } {
  const { modules, telemetry } = dependencies
  const work = [cleanUpTask(dependencies), watchTask(dependencies), ...modules.flatMap(({ tasks }) => tasks ?? [])]
  const tasks = work.map(({ name, ...task }) => new RepeatingTask({ ...task, onError: (error) => telemetry.onTaskError(name, error) }))
  for (const task of tasks) task.start()
  return {
    async stop() {
      await Promise.all(tasks.map((task) => task.stop()))
      await Promise.all(modules.map(({ drained }) => drained?.()))
    },
  }
}

function cleanUpTask({ database, log, modules }: Dependencies): BackgroundTask {
  const retention = Object.assign({}, ENGINE_RETENTION, ...modules.map((module) => module.retention ?? {}))
  return {
    name: 'clean-up',
    everyMs: CLEAN_UP_EVERY_MS,
    turn: async (signal) => {
      log.info({ deleted: await cleanUp(database, { retention, signal }) }, 'old records deleted')
      return true
    },
  }
}

function watchTask({ database, redis, log }: Dependencies): BackgroundTask {
  const watch = new HistoryWatch({
    database,
    memory: redis === null ? null : redisHistoryMemory(redis),
    onRewritten: () => log.error('ALERT: the database was put back to an earlier state; clients read all rows again'),
    onMemoryError: (err) => log.debug({ err }, 'the newest change could not be remembered in Redis'),
  })
  return { name: 'history', everyMs: WATCH_EVERY_MS, turn: () => watch.look().then(() => true) }
}
