import { rawIndexedDb } from './rawIndexedDb.js'
import { syncCore, syncCoreReload } from './syncCore.js'
import { tanstackOffline } from './tanstackOffline.js'
import { workbox } from './workbox.js'

const bench = { rawIndexedDb, syncCore, syncCoreReload, tanstackOffline, workbox }
export type Bench = typeof bench

Object.assign(globalThis, { bench })
