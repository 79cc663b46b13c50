import { fileURLToPath } from 'node:url'

const PACKAGES = fileURLToPath(new URL('../../../../packages/', import.meta.url))
const BUILT = /^(contracts|sync-core|critical-buttons)\/dist\/(.+)$/

/**
 * Where a built file of the browser's side belongs; undefined for everything else, a package's `testing/` included:
 * that is the world around a click.
 * @param {string} url of a loaded module
 * @returns {{ file: string, room: string } | undefined} `sync-core/queue/pickDue.js` in the room `sync-core/queue`
 */
export function placeOf(url) {
  if (!url.startsWith('file:')) return undefined
  const path = fileURLToPath(url)
  const [, name, inside] = (path.startsWith(PACKAGES) && BUILT.exec(path.slice(PACKAGES.length))) || []
  if (inside === undefined || inside.startsWith('testing/')) return undefined
  const file = `${name}/${inside}`
  return { file, room: file.slice(0, file.lastIndexOf('/')) }
}

/**
 * The way through the rooms: each entry is a room that was come into from another one.
 * @param {readonly string[]} rooms one for each call, in the order of the calls
 */
export function wayThrough(rooms) {
  return rooms.filter((room, index) => room !== rooms[index - 1])
}
