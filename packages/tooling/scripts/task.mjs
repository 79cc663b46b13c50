// `node task.mjs <task> [turbo options]`: runs a task of the packages that have it, on a bare clone too.
import { requireNode } from './workspace/requireNode.mjs'

requireNode()
import('./runTask.mjs').then((module) => module.runTask(process.argv.slice(2)))
