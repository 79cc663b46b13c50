// node --import ./withTrace.mjs: from here on, modules of the browser's side tell which of their functions is entered.
import { register } from 'node:module'

const entered = []
globalThis.__entered = (file) => entered.push(file)
globalThis.__takeEntered = () => entered.splice(0)
register('./traceLoader.mjs', import.meta.url)
