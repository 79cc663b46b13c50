import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import express from 'express'
import { dashboardFiles } from './dashboardFiles.js'
import { plainFailure } from './plainFailure.js'

let folder: string
let server: Server

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dashboard-'))
  await mkdir(join(folder, 'built', 'assets'), { recursive: true })
  await writeFile(join(folder, 'package.json'), '{"secret":true}')
  await writeFile(join(folder, 'built', 'index.html'), 'the page')
  await writeFile(join(folder, 'built', 'assets', 'app-1a2b.js'), 'the script')
  const app = express().use(dashboardFiles(join(folder, 'built')))
  app.use('/throws', () => {
    throw new Error('a secret of this machine')
  })
  app.use((_request, response) => void response.status(404).json({ code: 'NOT_FOUND' }))
  app.use(plainFailure)
  server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
})

/** Sends the path as it is; `fetch` would tidy it up first. */
function get(path: string): Promise<{ status: number | undefined; text: string; cache: string | undefined }> {
  return new Promise((resolve, reject) => {
    request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', path, agent: false }, async (response) => {
      let text = ''
      for await (const chunk of response) text += chunk
      resolve({ status: response.statusCode, text, cache: response.headers['cache-control'] })
    })
      .on('error', reject)
      .end()
  })
}

it('serves the page and its assets', async () => {
  expect(await get('/')).toMatchObject({ status: 200, text: 'the page' })
  expect(await get('/assets/app-1a2b.js')).toMatchObject({ status: 200, cache: 'public, max-age=31536000, immutable' })
})

it.each(['/assets/nope.js', '/assets/', '/assets/..%2f..%2fpackage.json', '/..%2fpackage.json', '/assets/%00', '/%E0%A4%A'])(
  'has nothing at %s, and shows no more than that',
  async (path) => {
    const answer = await get(path)
    expect(answer).toEqual({ status: 404, text: expect.stringContaining('NOT_FOUND'), cache: undefined })
    expect(answer.text).not.toMatch(/ at |node_modules|secret/)
  },
)

it('keeps an error of its own to itself', async () => {
  const answer = await get('/throws')
  expect(answer.status).toBe(500)
  expect(answer.text).not.toMatch(/ at |secret/)
})
