import { fanOut, globalSelectors } from './fanOut.js'
import { openTab } from './tab.js'

Object.assign(globalThis, { bench: { fanOut, globalSelectors, openTab } })
