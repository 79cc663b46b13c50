import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { CLIENT_TEXTS } from '@org/contracts/client'
import { aLead, isErrorCode } from '@org/contracts/testing'
import { TSC } from '@org/tooling/tsc'
import type { ChangeSource } from '../src/ports/ChangeSource.js'
import { openGateway, until } from './realtime/gatewayHarness.js'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))
/** Inside this package, so that the samples find it by its own name. */
const SAMPLES = join(PACKAGE, '.results/readme')

/** What the samples take from the page they are written for. */
const YOUR_APP = `interface Session { access_token: string }
const getSession = async () => ({ data: { session: null as Session | null }, error: null as Error | null })
export const auth = { getSession, token: async () => 'token', user: () => ({ actor: 'user-456', tenant: 'org-1' }) }
export const toast = (text: string): void => console.log(text)
`

let readme: string

beforeAll(async () => {
  readme = await readFile(join(PACKAGE, 'README.md'), 'utf8')
  await rm(SAMPLES, { recursive: true, force: true })
  await mkdir(SAMPLES, { recursive: true })
  await writeFile(join(SAMPLES, 'yourApp.ts'), YOUR_APP)
  await writeFile(join(SAMPLES, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', include: ['.'] }))
  for (const [, file, text] of readme.matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)) await writeFile(join(SAMPLES, file!), text!)
})

describe('the samples of the README', () => {
  test('compile as they stand', async () => {
    expect(readme.match(/^```ts$/gm)).toHaveLength((await readdir(SAMPLES)).length - 2)
    await promisify(execFile)(process.execPath, [TSC, '-p', SAMPLES]).catch((error: { stdout?: string }) => {
      throw new Error(`The README does not compile:\n${error.stdout}`)
    })
  }, 180_000)

  test('test an action of a team that takes effect once', async () => {
    await import(join(SAMPLES, 'approveProposal.scenario.ts'))
  })
})

describe('the feed of a team', () => {
  const { EventSource: real } = globalThis as { EventSource?: unknown }
  afterEach(() => {
    Object.assign(globalThis, { EventSource: real })
  })

  test('says how it stands and hands changes on', async () => {
    const { createEventSourceFeed } = (await import(join(SAMPLES, 'eventSourceFeed.ts'))) as {
      createEventSourceFeed(url: string): ChangeSource
    }
    const opened: FakeEventSource[] = []
    class FakeEventSource {
      onopen = () => {}
      onerror = () => {}
      onmessage = (_message: { data: string }) => {}
      isClosed = false
      readonly url: string
      constructor(url: string) {
        this.url = url
        opened.push(this)
      }
      close() {
        this.isClosed = true
      }
    }
    Object.assign(globalThis, { EventSource: FakeEventSource })
    const heard: unknown[] = []
    const leave = createEventSourceFeed('/feed').join('proposals', {
      onStatus: (status) => heard.push(status),
      onChange: (change) => heard.push(change),
    })
    const [events] = opened
    events!.onopen()
    events!.onmessage({ data: '{"eventType":"DELETE"}' })
    events!.onerror()
    leave()
    expect([events!.url, events!.isClosed, heard]).toEqual(['/feed/proposals', true, ['flowing', { eventType: 'DELETE' }, 'lost']])
  })
})

describe('Postgres Changes as a feed', () => {
  let gateway: Awaited<ReturnType<typeof openGateway>>
  beforeEach(async () => {
    gateway = await openGateway()
  })
  afterEach(() => gateway.close())

  test('tell that there is news, flow once the server says so, and are joined anew with a fresh token', async () => {
    const { createPostgresChanges } = (await import(join(SAMPLES, 'postgresChanges.ts'))) as {
      createPostgresChanges(
        supabase: unknown,
        options: { getAccessToken: () => Promise<string>; tableOf: (name: string) => { schema: string; table: string } },
      ): ChangeSource
    }
    let isKnown = true
    const getAccessToken = async () => {
      if (!isKnown) throw new Error('It is not known who is signed in.')
      return gateway.identity.issueToken({ user: 'ana' })
    }
    const source = createPostgresChanges(gateway.client(getAccessToken), {
      getAccessToken,
      tableOf: (table) => ({ schema: 'public', table }),
    })
    const heard: unknown[] = []
    const leave = source.join('leads', { onStatus: (status) => heard.push(status), onChange: (change) => heard.push(change) })
    const write = (version: number) => gateway.publish('leads', { eventType: 'UPDATE', new: aLead({ version }), old: { id: 'lead-123' } })
    const count = (isCounted: (entry: unknown) => boolean) => heard.filter(isCounted).length
    const flowing = () => count((entry) => entry === 'flowing')
    const hints = () => count((entry) => typeof entry === 'object')
    await until(() => flowing() === 1)
    write(2)
    await until(() => hints() === 1)
    // The token that it still has is good, and may be somebody else's.
    isKnown = false
    gateway.gateway.setFaults({ expireTokens: true })
    await until(() => count((entry) => entry === 'lost') === 2)
    expect(gateway.gateway.joined()).toEqual([])
    isKnown = true
    await until(() => flowing() === 2)
    write(3)
    await until(() => hints() === 2)
    leave()
    await until(() => gateway.gateway.joined().length === 0)
    expect(heard.slice(0, 5)).toEqual(['flowing', { hint: true }, 'lost', 'lost', 'flowing'])
  })
})

describe('the tables of the README', () => {
  /** The members of a union of string literals. */
  async function membersOf(file: string, name: string): Promise<string[]> {
    const source = await readFile(join(PACKAGE, 'src', file), 'utf8')
    const union = new RegExp(`export type ${name} =([\\s\\S]*?)\\n\\n`).exec(`${source}\n\n`)?.[1] ?? ''
    return [...union.matchAll(/\| '([A-Z_]+)'/g)].map((match) => match[1]!)
  }

  async function sourceText(): Promise<string> {
    const files = (await readdir(join(PACKAGE, 'src'), { recursive: true })).filter((file) => /(?<!\.test)\.ts$/.test(file))
    const texts = files.filter((file) => !file.endsWith('Telemetry.ts')).map((file) => readFile(join(PACKAGE, 'src', file), 'utf8'))
    return (await Promise.all(texts)).join('\n')
  }

  test('list each diagnostic code, and each is really told', async () => {
    const section = /### Diagnostic codes\n([\s\S]*?)\n###/.exec(readme)?.[1] ?? ''
    const listed = [...section.matchAll(/^\| (`.*?`) \|/gm)].flatMap((row) => [...row[1]!.matchAll(/`([A-Z_]+)`/g)].map((code) => code[1]!))
    const codes = await membersOf('ports/Telemetry.ts', 'DiagnosticCode')
    expect(listed.sort()).toEqual([...codes].sort())
    const source = await sourceText()
    expect(codes.filter((code) => !source.includes(`'${code}'`))).toEqual([])
    const told = [...source.matchAll(/report\(\s*'([A-Z_]+)'/g)].map((match) => match[1]!)
    expect(told.filter((code) => !codes.includes(code))).toEqual([])
  })

  test('name each code of the client’s own, and each option', async () => {
    const codes = Object.keys(CLIENT_TEXTS).filter((code) => !isErrorCode(code))
    expect(codes.length).toBeGreaterThan(5)
    const settings = /export interface SyncClientSettings \{([\s\S]*?)\n\}/.exec(await sourceText())?.[1] ?? ''
    const options = [...settings.matchAll(/^ {2}(\w+)\?:/gm)].map((match) => match[1]!)
    expect(options).toContain('parallel')
    expect([...codes, ...options].filter((word) => !new RegExp(`\`${word}[\`(]`).test(readme))).toEqual([])
  })
})
