import { createDependencies, type Dependencies, loadConfig, seedDemo, startApi } from '@org/api'
import { createRealtimeGateway, messagesOfChanges, type RealtimeGateway } from '@org/stand-ins'
import { addLeads } from './addLeads.js'
import { apiEnvironment } from './apiEnvironment.js'
import { Closers } from './Closers.js'
import { channelPolicy } from './channelPolicy.js'
import { choosePort, portError } from './choosePort.js'
import type { DemoArguments } from './demoArguments.js'
import type { DemoSettings } from './demoSettings.js'
import { gatewayFeeds } from './gatewayFeeds.js'
import { isLoopbackOrigin } from './listedOrigins.js'
import { socketsOfLoopback } from './loopbackOnly.js'
import { makeDataDirectory } from './makeDataDirectory.js'
import { oneOrigin } from './oneOrigin.js'
import { resetData } from './resetData.js'
import { startStandIns } from './startStandIns.js'

/** A running demo. */
export interface Demo {
  /** What people open. */
  readonly url: string
  /** Finishes what is under way and lets go of everything. */
  stop(): Promise<void>
}

/**
 * Starts API, stand-ins and dashboard on one origin.
 * @throws {DemoError | ConfigError | DatabaseError} one line for a person: port in use, data directory locked, wrong setting
 */
export async function startDemo(
  { port: wanted, dataDirectory, leads, reset }: DemoSettings & DemoArguments,
  env: NodeJS.ProcessEnv,
): Promise<Demo> {
  const port = await choosePort(wanted)
  const url = `http://localhost:${port}`
  await makeDataDirectory(dataDirectory)
  if (reset) await resetData(dataDirectory)
  const closers = new Closers()
  try {
    const standIns = await startStandIns({ url, dataDirectory })
    closers.add(() => standIns.twilio.close())
    const config = loadConfig(apiEnvironment(env, { port, url, dataDirectory, standIns }))
    const dependencies = await createDependencies(config)
    closers.add(() => dependencies.close())
    await seedDemo(dependencies.database)
    if (leads !== null) await addLeads(dependencies.database, leads)
    const origins = config.corsOrigins.filter(isLoopbackOrigin)
    const { feed, batches } = gatewayFeeds(dependencies.changeFeed, () => cutAll(gateway))
    const gateway: RealtimeGateway = createRealtimeGateway({
      feed,
      messages: messagesOfChanges(batches),
      policy: channelPolicy(dependencies.database),
      verify: (jwt) => standIns.identity.verify(jwt),
    })
    closers.add(() => gateway.close())
    const api = await start(dependencies, (handler) => oneOrigin({ api: handler, standIns, gateway, env, url, origins }), port)
    if (!env.SUPABASE_URL) api.server.on('upgrade', socketsOfLoopback(gateway))
    closers.add(() => api.stop())
    return { url, stop: () => closers.close() }
  } catch (error) {
    await closers.close()
    throw error
  }
}

/** Everybody connects anew, and reads the log first. */
function cutAll(gateway: RealtimeGateway): void {
  const plan = gateway.faults()
  gateway.setFaults({ ...plan, disconnect: true })
  gateway.setFaults(plan)
}

type Wrap = NonNullable<NonNullable<Parameters<typeof startApi>[1]>['wrap']>

function start(dependencies: Dependencies, wrap: Wrap, port: number) {
  return startApi(dependencies, { wrap }).catch((error: NodeJS.ErrnoException) => {
    throw portError(error, port)
  })
}
