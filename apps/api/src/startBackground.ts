import type { ApiOptions } from './apiRoutes.js'
import type { Dependencies } from './dependencies.js'
import type { BackgroundTask } from './engine/background/BackgroundTask.js'
import { cleanUp, ENGINE_RETENTION } from './engine/background/cleanUp.js'
import { RepeatingTask } from './engine/background/RepeatingTask.js'
import { HistoryWatch } from './engine/changes/HistoryWatch.js'
import { redisHistoryMemory } from './engine/changes/redisHistoryMemory.js'
import type { Module } from './engine/Module.js'
import type { Telemetry } from './engine/telemetry/Telemetry.js'
import { atMost } from './engine/time/atMost.js'

const WATCH_EVERY_MS = 5_000
const CLEAN_UP_EVERY_MS = 60 * 60 * 1_000

/** What turns without requests. */
export interface Background {
  /** Ends its turns and waits for what is under way, as long as a stop may take. Close the dependencies after it. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Starts what turns without requests: the change feed, sending, looking after lost answers, cleaning up. Every replica runs
 * all of it; leases in the database keep them apart.
 */
export async function startBackground(
  dependencies: Dependencies,
  { modules: own = [] }: Pick<ApiOptions, 'modules'> = {},
): Promise<Background> {
  const { config, log, telemetry, changeFeed } = dependencies
  const modules = [...dependencies.modules, ...own]
  await changeFeed.start()
  const work = [cleanUpTask(dependencies, modules), watchTask(dependencies), ...modules.flatMap(({ tasks }) => tasks ?? [])]
  const tasks = work.map(({ name, ...task }) => new RepeatingTask({ ...task, onError: (error) => telemetry.onTaskError(name, error) }))
  for (const task of tasks) task.start()
  return {
    async stop() {
      const ended = atMost(ending(tasks, modules, telemetry), config.shutdown.drainMs)
      if ((await ended) === null) log.warn('background work did not end in time, and is left where it stands')
    },
  }
}

/** Waits for what is under way; what fails meanwhile is told and holds up no stop. */
async function ending(
  tasks: readonly RepeatingTask[],
  modules: readonly Module[],
  { onTaskError }: Pick<Telemetry, 'onTaskError'>,
): Promise<true> {
  await Promise.all(tasks.map((task) => task.stop()))
  const drain = async ({ drained }: Module) => drained?.()
  await Promise.all(modules.map((module) => drain(module).catch((error: unknown) => onTaskError(module.name, error))))
  return true
}

function cleanUpTask({ database, log }: Dependencies, modules: readonly Module[]): BackgroundTask {
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
