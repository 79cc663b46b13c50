// `npm run rename-scope @acme`: gives the packages the scope of whoever publishes them. `@org` is a placeholder that no
// registry gives to anybody. Every mention in files that git knows is changed; what is only similar is left.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SCOPE = /^@[a-z0-9][a-z0-9._-]{0,80}$/
const MANIFEST = 'packages/contracts/package.json'

/** The text with its mentions of a scope changed: in imports, manifests, conditions of exports, samples. */
export function withScope(text, { from, to }) {
  const mention = new RegExp(`(?<![\\w@])${from.replace(/[.]/g, '\\.')}(?=(?:[/+]|:registry))`, 'g')
  return text.replace(mention, () => to)
}

/** Renames in every file below `root` that git knows. @returns {string[]} the files that changed */
export function renameScope(root, to) {
  if (!SCOPE.test(to)) throw new RangeError(`A scope is "@" and a name in small letters, for example @acme; received "${to}".`)
  const from = JSON.parse(readFileSync(join(root, MANIFEST), 'utf8')).name.split('/')[0]
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    .split('\0')
    .filter(Boolean)
  return files.filter((file) => {
    const path = join(root, file)
    const bytes = readFileSync(path)
    if (bytes.includes(0)) return false
    const text = bytes.toString('utf8')
    const renamed = withScope(text, { from, to })
    if (renamed !== text) writeFileSync(path, renamed)
    return renamed !== text
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const changed = renameScope(fileURLToPath(new URL('../../../..', import.meta.url)), process.argv[2] ?? '')
    process.stdout.write(`${changed.length} files changed. Now: npx pnpm install, then npm test.\n`)
  } catch (error) {
    process.stderr.write(`${error instanceof RangeError ? error.message : error.stack}\n`)
    process.exitCode = 1
  }
}
