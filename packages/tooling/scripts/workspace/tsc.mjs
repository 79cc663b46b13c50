import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The compiler, to be run by Node: what a package's script calls `tsc`. */
export const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript-7/package.json')), 'bin/tsc')
