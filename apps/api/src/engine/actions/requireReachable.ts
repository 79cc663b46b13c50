import type { ActionRoute } from './ActionRoute.js'

/**
 * Refuses actions of which one would never be reached: a click meant for it would carry another one out.
 * @throws {RangeError} when two have the same name, or the same address and nothing that tells their bodies apart (`takes`)
 */
export function requireReachable(routes: readonly ActionRoute[]): void {
  const names = new Set<string>()
  const standing = new Map<string, { path: string; name: string; takes: ActionRoute['takes'] }>()
  for (const { action, otherPaths = [], takes } of routes) {
    if (names.has(action.name)) throw new RangeError(`Two actions are named ${action.name}. Give each a name of its own.`)
    names.add(action.name)
    for (const path of [action.path, ...otherPaths]) {
      const before = standing.get(address(path))
      if (before !== undefined && (before.takes === undefined || before.path !== path))
        throw new RangeError(
          `The action ${action.name} would never be reached: POST ${path} is taken by ${before.name}. Give it a path of its own, or let the first say by \`takes\` which bodies it means.`,
        )
      standing.set(address(path), { path, name: action.name, takes })
    }
  }
}

/** As Express compares paths: whatever a parameter is called, in small letters, without a slash at the end. */
const address = (path: string) => path.toLowerCase().replaceAll(/:\w+/g, ':').replace(/\/+$/, '')
