// `npm test` on a bare clone: installs what is missing, checks everything, and ends with the counts.
import { requireNode } from './workspace/requireNode.mjs'

requireNode()
import('./testAll.mjs').then((module) => module.testAll())
