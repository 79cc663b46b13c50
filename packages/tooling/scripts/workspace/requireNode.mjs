// Runs before anything else, on whatever Node there is: only syntax that old versions can parse.
var OLDEST = [20, 19]

/** Ends the process with one clear line when this Node is older than the workspace supports. */
export function requireNode() {
  var parts = process.versions.node.split('.').map(Number)
  if (parts[0] > OLDEST[0] || (parts[0] === OLDEST[0] && parts[1] >= OLDEST[1])) return
  console.error(
    'Node ' +
      process.versions.node +
      ' is too old: this needs Node ' +
      OLDEST.join('.') +
      ' or newer. Install it from https://nodejs.org and run this again.',
  )
  process.exit(1)
}
