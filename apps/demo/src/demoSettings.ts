import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parsePort, wrongPort } from '../scripts/port.mjs'
import { DemoError } from './DemoError.js'

/** Where the demo runs and keeps its data; every other setting is the API's own. */
export interface DemoSettings {
  /** 0 picks a free one. @default 4300 */
  port: number
  /** @default .data at the top of the repository */
  dataDirectory: string
}

// The same from src and from dist.
const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))

const NOT_IN_PRODUCTION =
  'NODE_ENV is production, and the demo never runs there: at its sign-in anybody becomes anybody. Run the service with org-api start, or unset NODE_ENV.'

/**
 * Reads `PORT` and `DEMO_DATA_DIR`.
 * @throws {DemoError} one line that names the wrong setting
 */
export function readDemoSettings(env: Readonly<Record<string, string | undefined>>): DemoSettings {
  if (env.NODE_ENV === 'production') throw new DemoError(NOT_IN_PRODUCTION)
  return {
    port: readPort(env.PORT),
    dataDirectory: resolve(REPOSITORY, env.DEMO_DATA_DIR || '.data'),
  }
}

function readPort(text: string | undefined): number {
  const port = parsePort(text)
  if (port === null) throw new DemoError(wrongPort(text ?? ''))
  return port
}
