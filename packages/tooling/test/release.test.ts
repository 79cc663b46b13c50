import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { objectionTo } from '../scripts/release/prepack.mjs'
import { renameScope } from '../scripts/release/renameScope.mjs'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const read = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
const PUBLISHED = ['packages/contracts', 'packages/sync-core', 'packages/critical-buttons', 'apps/api']

describe('a published package', () => {
  it.each(PUBLISHED)('%s says what it is, under which licence, on which Node, and is released with the others', (path) => {
    const manifest = read(`${path}/package.json`)
    expect(manifest).toMatchObject({ license: 'MIT', description: expect.stringMatching(/.{20}/), engines: { node: '>=20.19' } })
    expect(manifest.private).toBeUndefined()
    expect(manifest.files).toContain('dist')
    expect(read('.changeset/config.json').fixed[0]).toContain(manifest.name)
    expect(readFileSync(join(ROOT, path, 'README.md'), 'utf8')).toMatch(/^# .*\n\n.+\n\n```tsx?\n/)
  })

  it.each(PUBLISHED)('%s is not packed by npm, whose tarball nobody could install, and says what to do', (path) => {
    // Whoever runs this test may be run by pnpm, in whose name npm would speak then.
    const { npm_config_user_agent: _, ...env } = process.env
    const { status, stderr } = spawnSync('npm', ['pack', '--dry-run'], { cwd: join(ROOT, path), encoding: 'utf8', env })
    expect(status).not.toBe(0)
    expect(stderr).toMatch(/is not packed by npm\/.*"workspace:\*".*Run `pnpm pack` here/)
  })

  it.each(PUBLISHED)('%s has a report of what each of its entries exports', (path) => {
    const typed = Object.entries<{ types?: string }>(read(`${path}/package.json`).exports).filter(([, { types }]) => types !== undefined)
    const names = typed.map(([entry]) => `${entry === '.' ? 'index' : entry.slice(2).replaceAll('/', '-')}.api.md`)
    expect(readdirSync(join(ROOT, path, 'api')).sort()).toEqual(names.sort())
  })

  it('is packed by pnpm once it is built', () => {
    const manifest = {
      name: 'a',
      exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './source': './src/index.ts' },
    }
    const packer = 'pnpm/10.34.9 npm/? node/v20.20.0 linux x64'
    expect(objectionTo({ manifest, packer, isThere: () => true })).toBeNull()
    expect(objectionTo({ manifest, packer, isThere: (file: string) => !file.endsWith('.js') })).toMatch(
      /a is not built: \.\/dist\/index\.js is missing/,
    )
    expect(objectionTo({ manifest, packer: 'yarn/4.0.0', isThere: () => true })).toMatch(/not packed by yarn/)
  })
})

describe('rename-scope', () => {
  let root: string

  const write = (path: string, text: string | Buffer) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const text = (path: string) => readFileSync(join(root, path), 'utf8')
  const FROM = `@${'org'}`

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rename-'))
    write('packages/contracts/package.json', `{ "name": "${FROM}/contracts", "exports": { ".": { "${FROM}/source": "./src/index.ts" } } }`)
    write('src/a.ts', `import x from '${FROM}/api/idempotency'\n// someone${FROM}/y ${FROM}anisation/z ${FROM}.example\n`)
    write('ci.yml', `npm --${FROM}:registry=x node_modules/${FROM}/api store/${FROM}+api@1 (?!${FROM}/)\n`)
    write('picture.png', Buffer.from(`\0${FROM}/api`))
    write('unknown.ts', `${FROM}/api`)
    execFileSync('git', ['init', '-q'], { cwd: root })
    execFileSync('git', ['add', 'packages', 'src', 'ci.yml', 'picture.png'], { cwd: root })
  })

  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('changes every mention of the scope, and nothing that only looks like it', () => {
    expect(renameScope(root, '@acme')).toEqual(['ci.yml', 'packages/contracts/package.json', 'src/a.ts'])
    expect(text('packages/contracts/package.json')).toContain('"@acme/contracts", "exports": { ".": { "@acme/source"')
    expect(text('src/a.ts')).toBe(`import x from '@acme/api/idempotency'\n// someone${FROM}/y ${FROM}anisation/z ${FROM}.example\n`)
    expect(text('ci.yml')).toBe('npm --@acme:registry=x node_modules/@acme/api store/@acme+api@1 (?!@acme/)\n')
    expect(text('picture.png')).toContain(`${FROM}/api`)
    expect(text('unknown.ts')).toBe(`${FROM}/api`)
  })

  it('may be done again, to another one', () => {
    renameScope(root, '@acme')
    renameScope(root, '@corp.eu')
    expect(text('src/a.ts')).toMatch(/^import x from '@corp\.eu\/api\/idempotency'/)
    expect(renameScope(root, '@corp.eu')).toEqual([])
  })

  it.each(['acme', '@', '@Acme', '@a/b', "@a'b", ''])('refuses "%s", which is no scope, and changes nothing', (scope) => {
    expect(() => renameScope(root, scope)).toThrow(/for example @acme/)
    expect(text('src/a.ts')).toContain(`'${FROM}/api`)
  })
})
