// `npm start` on a bare clone: Node and the package registry, nothing else. Built-ins only, and old
// syntax in this one file, so that an old Node says that it is old instead of "Unexpected token".
import { requireNode } from '../../../packages/tooling/scripts/workspace/requireNode.mjs'

requireNode()
import('./startDemo.mjs').then((module) => module.startDemo())
