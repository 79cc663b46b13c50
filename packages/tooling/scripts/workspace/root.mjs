import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top folder of the workspace. */
export const ROOT = resolve(fileURLToPath(new URL('../../../../', import.meta.url)))
