import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const GITHUB = join(ROOT, '.github')
const yamlIn = (folder: string) => readdirSync(join(GITHUB, folder)).filter((file) => /\.ya?ml$/.test(file))
const read = (path: string) => readFileSync(join(GITHUB, path), 'utf8')

interface Step {
  uses?: string
  run?: string
  with?: Record<string, unknown>
}
interface Job {
  permissions?: Record<string, string>
  'timeout-minutes'?: number
  'runs-on'?: string
  strategy?: { matrix?: { include?: { command?: string }[] } }
  steps: Step[]
}
interface Workflow {
  on: Record<string, unknown>
  permissions: Record<string, string>
  jobs: Record<string, Job>
}

const workflows = yamlIn('workflows')
const workflow = (file: string): Workflow => parse(read(`workflows/${file}`))
const jobsOf = (file: string) => Object.values(workflow(file).jobs)
const stepsOf = (file: string) => jobsOf(file).flatMap(({ steps }) => steps)
const scripts = Object.keys(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts)

/** The commands of a workflow, those of its matrices too. */
function commandsOf(file: string): string[] {
  const listed = jobsOf(file).flatMap(({ strategy }) => strategy?.matrix?.include ?? [])
  return [...stepsOf(file).flatMap(({ run }) => run ?? []), ...listed.flatMap(({ command }) => command ?? [])]
}

describe('the workflows', () => {
  it('are those for a change, a release, the night, and the site', () => {
    expect(workflows.sort()).toEqual(['check.yml', 'nightly.yml', 'pages.yml', 'release.yml'])
    expect(Object.keys(workflow('check.yml').on)).toEqual(['pull_request', 'push'])
  })

  it.each(workflows)('%s takes each action by the hash of a commit, and says which version that is', (file) => {
    const taken = stepsOf(file).flatMap(({ uses }) => uses ?? [])
    expect(taken.length).toBeGreaterThan(1)
    for (const uses of taken) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
    for (const uses of taken) expect(read(`workflows/${file}`)).toMatch(new RegExp(`uses: ${uses} # v\\d+\\.\\d+\\.\\d+\\n`))
  })

  it('take one action by one hash everywhere', () => {
    const hashes = new Map<string, Set<string>>()
    for (const [name = '', hash = ''] of workflows.flatMap(stepsOf).flatMap(({ uses }) => (uses === undefined ? [] : [uses.split('@')])))
      hashes.set(name, (hashes.get(name) ?? new Set()).add(hash))
    for (const [name, found] of hashes) expect([name, found.size]).toEqual([name, 1])
  })

  it.each(workflows)('%s runs scripts that there are', (file) => {
    const named = commandsOf(file).flatMap((run) =>
      [...run.matchAll(/npm (?:run ([\w:-]+)|(test|start)\b)/g)].map(([, script, short]) => script ?? short),
    )
    const { version = '', publish = '' } = (stepsOf(file).find(({ uses }) => uses?.startsWith('changesets/'))?.with ?? {}) as Record<
      string,
      string
    >
    const released = [version, publish].flatMap((line) => /npm run (\w+)/.exec(line)?.[1] ?? [])
    expect(named.length + released.length).toBeGreaterThan(0)
    for (const script of [...named, ...released]) expect(scripts).toContain(script)
  })

  it.each(workflows)('%s may do no more than it needs, for no longer', (file) => {
    const { on, permissions } = workflow(file)
    expect(permissions).toEqual({ contents: 'read' })
    // It would run what a stranger proposes with the rights of the repository.
    expect(Object.keys(on)).not.toContain('pull_request_target')
    for (const job of jobsOf(file)) expect(job['timeout-minutes']).toBeLessThanOrEqual(120)
    const mayWrite = jobsOf(file)
      .flatMap((job) => Object.values(job.permissions ?? {}))
      .includes('write')
    expect(mayWrite).toBe(['release.yml', 'pages.yml'].includes(file))
  })

  it.each(workflows)('%s puts nothing that a stranger wrote into a command, and leaves no token behind', (file) => {
    const foreign = /\$\{\{\s*(github\.(event|head_ref)|inputs)/
    for (const command of stepsOf(file).flatMap(({ run }) => run ?? [])) expect(command).not.toMatch(foreign)
    if (file === 'release.yml') return
    for (const { uses, with: options } of stepsOf(file))
      if (uses?.startsWith('actions/checkout@')) expect(options).toMatchObject({ 'persist-credentials': false })
  })

  it('check the oldest Node that is promised, and release with a statement of where it was built', () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    expect(read('workflows/check.yml')).toContain(`["${engines.node.replace('>=', '')}", "22", "24"]`)
    const release = workflow('release.yml').jobs.release
    expect(release?.permissions).toMatchObject({ 'id-token': 'write' })
    expect(read('workflows/release.yml')).toContain('NPM_CONFIG_PROVENANCE: "true"')
  })
})

describe('whoever reports something', () => {
  const forms = yamlIn('ISSUE_TEMPLATE').filter((file) => file !== 'config.yml')

  it.each(forms)('%s is a form that GitHub can show', (file) => {
    const form = parse(read(`ISSUE_TEMPLATE/${file}`)) as Record<string, unknown> & {
      body: { type: string; id?: string; attributes: Record<string, unknown> }[]
    }
    expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) })
    for (const { type, id, attributes } of form.body) {
      expect(['markdown', 'textarea', 'input', 'dropdown', 'checkboxes']).toContain(type)
      if (type === 'markdown') expect(attributes.value).toEqual(expect.any(String))
      else expect([id, attributes.label]).toEqual([expect.stringMatching(/^[a-z-]+$/), expect.any(String)])
    }
    const ids = form.body.flatMap(({ id }) => id ?? [])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('of a click or a deployment is asked what the API itself says', () => {
    for (const file of ['click.yml', 'deployment.yml']) {
      expect(read(`ISSUE_TEMPLATE/${file}`)).toContain('org-api inspect')
      expect(read(`ISSUE_TEMPLATE/${file}`)).toContain('org-api check')
    }
    const commands = readFileSync(join(ROOT, 'apps/api/src/commands/readCommand.ts'), 'utf8')
    expect(commands).toMatch(/org-api inspect <what> <id>/)
  })

  it('of a weakness is led to a private way, and to how people treat each other here', () => {
    expect(parse(read('ISSUE_TEMPLATE/config.yml'))).toMatchObject({ blank_issues_enabled: false })
    for (const file of ['SECURITY.md', 'CODE_OF_CONDUCT.md']) expect(read(file)).toContain('Report a vulnerability')
    for (const file of ['SECURITY.md', 'CODE_OF_CONDUCT.md']) expect(existsSync(join(ROOT, file))).toBe(false)
  })
})

describe('updates of dependencies', () => {
  it('are asked for weekly, for every kind that there is', () => {
    const { updates } = parse(read('dependabot.yml')) as { updates: Record<string, unknown>[] }
    expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'github-actions', 'docker'])
    for (const { directory } of updates) expect(existsSync(join(ROOT, String(directory)))).toBe(true)
  })
})
