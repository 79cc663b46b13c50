import { loadConfig } from '../config.js'
import { createDependencies, type Dependencies } from '../dependencies.js'
import { type RunningApi, startApi } from '../startApi.js'

/** Serves the API until a signal ends it. Resolves once it is ready. */
export async function serve(): Promise<void> {
  const dependencies = await createDependencies(loadConfig(process.env))
  const api = await startOrClose(dependencies)
  dependencies.log.info({ port: api.port }, 'ready')
  const stop = () => void api.stop().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

async function startOrClose(dependencies: Dependencies): Promise<RunningApi> {
  try {
    return await startApi(dependencies)
  } catch (error) {
    await dependencies.close()
    throw error
  }
}
