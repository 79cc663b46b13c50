import { loadConfig } from './config.js'
import { createDependencies, type Dependencies } from './dependencies.js'
import { ConfigError } from './engine/config/ConfigError.js'
import { DatabaseError } from './engine/database/DatabaseError.js'
import { type RunningApi, startApi } from './startApi.js'

/** Troubles a person can mend get their one line; anything else is our bug and shows where. */
function describeStartFailure(error: unknown): string {
  if (error instanceof ConfigError || error instanceof DatabaseError) return error.message
  const { code, port } = error as { code?: string; port?: number }
  if (code === 'EADDRINUSE') return `Port ${port} is in use. Stop what listens there, or set PORT to another one.`
  if (code === 'EACCES') return `Port ${port} may not be opened by this user. Set PORT to one above 1023.`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

async function startOrClose(dependencies: Dependencies): Promise<RunningApi> {
  try {
    return await startApi(dependencies)
  } catch (error) {
    await dependencies.close()
    throw error
  }
}

async function main(): Promise<void> {
  const dependencies = await createDependencies(loadConfig(process.env))
  const api = await startOrClose(dependencies)
  dependencies.log.info({ port: api.port }, 'ready')
  const stop = () => void api.stop().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeStartFailure(error)}\n`)
  process.exit(1)
})
