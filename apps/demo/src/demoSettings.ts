import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DemoError } from './DemoError.js'

/** Where the demo runs and keeps its data; every other setting is the API's own. */
export interface DemoSettings {
  /** 0 picks a free one. @default 4300 */
  port: number
  /** @default .data at the top of the repository */
  dataDirectory: string
}

const DEFAULT_PORT = 4300
// The same from src and from dist.
const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))

/**
 * Reads `PORT` and `DEMO_DATA_DIR`.
 * @throws {DemoError} one line that names the wrong setting
 */
export function readDemoSettings(env: Readonly<Record<string, string | undefined>>): DemoSettings {
  return {
    port: env.PORT === undefined || env.PORT === '' ? DEFAULT_PORT : parsePort(env.PORT),
    dataDirectory: resolve(REPOSITORY, env.DEMO_DATA_DIR || '.data'),
  }
}

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new DemoError(`PORT is "${text}", but it must be a whole number from 0 to 65535 (0 picks a free one). Nothing was started.`)
}
