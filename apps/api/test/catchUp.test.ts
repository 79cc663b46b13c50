import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { SqlRow } from '../src/engine/database/Database.js'
import { openTestDatabase } from '../src/engine/migrations/testing/openTestDatabase.js'
import { lend, startTestApi, type TestApi } from './harness.js'

const CONNECTIONS = 50
const PER_CONNECTION = 20
const CROWD = CONNECTIONS * PER_CONNECTION

interface Page {
  changes: unknown[]
  next: string
}

let api: TestApi
let token: string
/** Cursors of each look at the change log. */
let looks: string[][]
/** What a look waits for. */
let everybodyCame: Promise<void> = Promise.resolve()

beforeAll(async () => {
  const database = await openTestDatabase()
  const watched = {
    ...lend(database),
    query: async <Row extends SqlRow>(text: string, params: Parameters<typeof database.query>[1] = []) => {
      if (text.includes('sync.read_changes')) {
        looks.push((JSON.parse(String(params[1])) as { at?: string }[]).map(({ at }) => at ?? 'none'))
        await everybodyCame
      }
      return database.query<Row>(text, params)
    },
    close: () => database.close(),
  }
  const env = { RATE_LIMIT_USER_PER_MINUTE: '100000', RATE_LIMIT_ADDRESS_PER_MINUTE: '100000' }
  looks = []
  api = await startTestApi({ env, database: watched })
  token = await api.identity.issueToken({ user: 'ana' })
})

afterAll(() => api.stop())

const pathOf = (since: string | null) => `/api/sync/changes${since === null ? '' : `?since=${since}`}`
const catchUp = async (since: string | null, user: 'ana' | 'eve' = 'ana'): Promise<Page> =>
  (await api.request(pathOf(since), { user })).body

const write = (org: string, count = 1) =>
  api.dependencies.database.write(
    `insert into public.leads (id, org_id, name) select gen_random_uuid()::text, $1, 'A' from generate_series(1, $2::int)`,
    [org, count],
  )

/** What a crowd is told that asks while one look is under way, and the looks it took. */
async function crowd(cursorOf: (n: number) => string): Promise<Page[]> {
  looks = []
  everybodyCame = new Promise((resolve) => {
    let came = 0
    api.api.server.on('request', function count() {
      came += 1
      if (came < CROWD) return
      api.api.server.off('request', count)
      resolve()
    })
  })
  const pages = await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, connection) =>
      askAtOnce(Array.from({ length: PER_CONNECTION }, (_, n) => pathOf(cursorOf(connection * PER_CONNECTION + n)))),
    ),
  )
  return pages.flat()
}

/** Sends requests over one connection without waiting for answers, as HTTP/1.1 allows. */
async function askAtOnce(paths: readonly string[]): Promise<Page[]> {
  const { port } = new URL(api.url)
  const socket = connect(Number(port), '127.0.0.1')
  for (const path of paths) socket.write(`GET ${path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer ${token}\r\n\r\n`)
  const answers: Page[] = []
  let text = ''
  for await (const bytes of socket.setEncoding('latin1')) {
    text += bytes
    for (let answer = readAnswer(text); answer !== null; answer = readAnswer(text)) {
      answers.push(JSON.parse(Buffer.from(answer.body, 'latin1').toString('utf8')))
      text = text.slice(answer.end)
    }
    if (answers.length === paths.length) break
  }
  return answers
}

function readAnswer(text: string): { body: string; end: number } | null {
  const start = text.indexOf('\r\n\r\n') + 4
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, start))?.[1] ?? Number.NaN)
  const end = start + length
  return start > 3 && text.length >= end ? { body: text.slice(start, end), end } : null
}

it('a thousand who are told at once to read the log from one place read it in a few looks, and all of it', async () => {
  const { next } = await catchUp(null)
  await write('org-1', 3)
  for (const page of await crowd(() => next)) expect(page).toMatchObject({ changes: [{}, {}, {}], hasMore: false })
  // All are here while the first looks; a token that is still being checked by then comes a look later.
  expect(looks.length).toBeLessThanOrEqual(CROWD / 20)
  expect(looks.flat()).toHaveLength(looks.length)
})

it('a thousand from places of their own each read what they missed, many places in one look', async () => {
  const places: string[] = []
  for (let n = 0; n < 100; n += 1) {
    places.push((await catchUp(null)).next)
    await write('org-1')
  }
  const pages = await crowd((n) => places[n % 100] ?? '')
  for (const [n, page] of pages.entries()) expect(page.changes).toHaveLength(100 - (n % 100))
  expect(looks.length).toBeLessThanOrEqual(CROWD / 20)
})

it('nobody reads another organisation’s changes, or what a look before the change showed', async () => {
  everybodyCame = Promise.resolve()
  const [mine, theirs] = [(await catchUp(null)).next, (await catchUp(null, 'eve')).next]
  const early = catchUp(mine)
  await write('org-1')
  await write('org-2')
  const [ana, eve] = await Promise.all([catchUp(mine), catchUp(theirs, 'eve')])
  await early
  expect(ana.changes).toMatchObject([{ new: { org_id: 'org-1' } }])
  expect(eve.changes).toMatchObject([{ new: { org_id: 'org-2' } }])
})

it('a cursor that is gone takes nobody along', async () => {
  const { next } = await catchUp(null)
  await write('org-1')
  const pages = await crowd((n) => (n % 2 === 0 ? next : `x.${n % 7}`))
  for (const [n, page] of pages.entries())
    expect(page).toMatchObject(n % 2 === 0 ? { changes: [{}] } : { code: 'CURSOR_GONE', mustRefetch: true })
})
