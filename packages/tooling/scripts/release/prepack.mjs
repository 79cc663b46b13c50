// `prepack` of each published package: refuses what would make a tarball that does not install. What is published carries
// ranges that only this workspace knows ("workspace:*", "catalog:"); pnpm replaces them as it packs, npm and yarn do not.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Why this package must not be packed now; null when nothing stands in the way.
 * @param {{ manifest: { name: string, exports: object }, packer: string, isThere: (path: string) => boolean }} what
 */
export function objectionTo({ manifest, packer, isThere }) {
  if (!packer.startsWith('pnpm/'))
    return `${manifest.name} is not packed by ${packer.split(' ')[0] || 'this program'}: the tarball would ask for "workspace:*", which no registry has, and nobody could install it. Run \`pnpm pack\` here, or \`npx changeset publish\` at the root.`
  const missing = filesOf(manifest.exports).find((path) => path.startsWith('./dist/') && !isThere(path))
  if (missing !== undefined)
    return `${manifest.name} is not built: ${missing} is missing, so its imports would lead nowhere. Run \`npm run build\` at the root, then pack again.`
  return null
}

/** Every file that an entry names. */
function filesOf(entry) {
  return typeof entry === 'string' ? [entry] : Object.values(entry ?? {}).flatMap(filesOf)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const objection = objectionTo({
    manifest: JSON.parse(readFileSync(resolve('package.json'), 'utf8')),
    packer: process.env.npm_config_user_agent ?? '',
    isThere: (path) => existsSync(resolve(path)),
  })
  if (objection !== null) {
    process.stderr.write(`\n${objection}\n\n`)
    process.exit(1)
  }
}
