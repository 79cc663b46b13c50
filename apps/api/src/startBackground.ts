import type { Dependencies } from './dependencies.js'
import { cleanUp } from './engine/background/cleanUp.js'
import { RepeatingTask } from './engine/background/RepeatingTask.js'
import { HistoryWatch } from './engine/changes/HistoryWatch.js'
import { redisHistoryMemory } from './engine/changes/redisHistoryMemory.js'
import type { SmsDispatcher } from './modules/sms/SmsDispatcher.js'

const DISPATCH_EVERY_MS = 1_000
const RECONCILE_EVERY_MS = 2_000
const WATCH_EVERY_MS = 5_000
const CLEAN_UP_EVERY_MS = 60 * 60 * 1_000

/** Starts what turns without requests. Every replica runs all of it; leases in the database keep them apart. */
export function startBackground(dependencies: Dependencies): { stop: () => Promise<void> } {
  const { smsDispatcher, log } = dependencies
  if (smsDispatcher === null) log.warn('no Twilio account is configured: SMS wait as pending')
  const tasks = [
    cleanUpTask(dependencies),
    watchTask(dependencies),
    ...(smsDispatcher === null ? [] : smsTasks(dependencies, smsDispatcher)),
  ]
  for (const task of tasks) task.start()
  return {
    async stop() {
      await Promise.all(tasks.map((task) => task.stop()))
      await smsDispatcher?.drained()
    },
  }
}

function smsTasks({ smsOutbox, smsReconciler, telemetry }: Dependencies, dispatcher: SmsDispatcher): RepeatingTask[] {
  const onError = (task: string) => (error: unknown) => telemetry.sms.onTaskError(task, error)
  const dispatch = async (signal: AbortSignal) => {
    await smsOutbox.expireLeases()
    while ((await dispatcher.dispatchDue()) > 0 && !signal.aborted);
  }
  return [
    new RepeatingTask({ everyMs: DISPATCH_EVERY_MS, turn: dispatch, onError: onError('dispatch') }),
    new RepeatingTask({ everyMs: RECONCILE_EVERY_MS, turn: async () => smsReconciler?.reconcileDue(), onError: onError('reconcile') }),
  ]
}

function cleanUpTask({ database, log, telemetry }: Dependencies): RepeatingTask {
  return new RepeatingTask({
    everyMs: CLEAN_UP_EVERY_MS,
    turn: async (signal) => log.info({ deleted: await cleanUp(database, { signal }) }, 'old records deleted'),
    onError: (error) => telemetry.sms.onTaskError('clean-up', error),
  })
}

function watchTask({ database, fastStore, log, telemetry }: Dependencies): RepeatingTask {
  const watch = new HistoryWatch({
    database,
    memory: fastStore.redis === null ? null : redisHistoryMemory(fastStore.redis),
    onRewritten: () => log.error('ALERT: the database was put back to an earlier state; clients read all rows again'),
    onMemoryError: (err) => log.debug({ err }, 'the newest change could not be remembered in Redis'),
  })
  return new RepeatingTask({
    everyMs: WATCH_EVERY_MS,
    turn: () => watch.look(),
    onError: (error) => telemetry.sms.onTaskError('history', error),
  })
}
