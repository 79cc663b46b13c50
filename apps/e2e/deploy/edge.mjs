import { createServer } from 'node:http'
import { join } from 'node:path'
import { startNginx } from './nginx.mjs'

const KEY = 'a-key-of-twenty-or-more-characters'

/** What a request meets in a replica that is none, by its address. */
const FATES = {
  '/dies': ({ req, res, isFirst }) => (isFirst ? req.socket.destroy() : res.end('done')),
  '/api/webhooks/dies': ({ req, res, isFirst }) => FATES['/dies']({ req, res, isFirst }),
  '/refuses': ({ res }) => res.writeHead(503, { 'Retry-After': '1' }).end('busy'),
}

/**
 * What nginx does with requests whose replica fails, seen from both sides of it.
 * @param {ReturnType<import('../release/steps.mjs').createSteps>} steps
 * @param {{ program: string, folder: string, conf: string }} options
 */
export async function checkEdge(steps, options) {
  let cases = 0
  const between = (title, work) =>
    // A new nginx each time: it remembers for seconds which replica failed.
    steps.step(`nginx: ${title}`, () => withReplicas({ ...options, folder: join(options.folder, String(++cases)) }, work))

  await between('a click with a key goes to another replica when its own dies with it', async (ask) =>
    expect(await ask('/dies', { key: KEY }), { status: 200, arrivals: 2 }),
  )
  await between('a request without a key is not repeated once a replica had it', async (ask) =>
    expect(await ask('/dies'), { status: 502, arrivals: 1 }),
  )
  await between('what Twilio tells goes to another replica too', async (ask) =>
    expect(await ask('/api/webhooks/dies'), { status: 200, arrivals: 2 }),
  )
  await between('a question goes to another replica', async (ask) =>
    expect(await ask('/dies', { method: 'GET' }), { status: 200, arrivals: 2 }),
  )
  await between('what a replica refuses is its answer, and nobody else is asked', async (ask) =>
    expect(await ask('/refuses', { key: KEY }), { status: 503, arrivals: 1 }),
  )
  await between('where nothing was sent, even a request without a key goes on, and arrives whole', async (ask) => {
    for (let n = 0; n < 6; n += 1) {
      const { body } = expect(await ask('/fine'), { status: 200, arrivals: 1 })
      if (body !== 'the click') throw new Error(`It arrived as "${body}".`)
    }
  })
  await between('who asks is who is connected, whatever they say', async (ask) => {
    const { headers } = expect(await ask('/fine', { key: KEY, headers: { 'X-Forwarded-For': '203.0.113.7' } }), {
      status: 200,
      arrivals: 1,
    })
    const { 'x-forwarded-for': address, 'idempotency-key': key } = headers
    if (address !== '127.0.0.1' || key !== KEY) throw new Error(`The replica was told ${address} and ${key}.`)
  })
  await between('metrics and readiness are not for the world', async (ask) => {
    for (const path of ['/metrics', '/readyz']) expect(await ask(path, { method: 'GET' }), { status: 403, arrivals: 0 })
  })
  await between('its log holds no address with a key in it', async (ask, nginx) => {
    await ask(`/api/mutations/${KEY}/resolve?${KEY}`, { key: KEY })
    if (nginx.log() === '' || nginx.log().includes(KEY)) throw new Error(`The access log holds "${nginx.log()}".`)
  })
}

/** Two replicas that live and one that is gone, and nginx before them. */
async function withReplicas({ program, folder, conf }, work) {
  const seen = []
  const replicas = await Promise.all([listen(answerTo(seen)), listen(answerTo(seen))])
  const gone = await listen(() => {})
  const nginx = await startNginx(program, { folder, conf, upstreams: [...replicas, gone].map((server) => server.address().port) })
  await close(gone)
  try {
    await work((path, request) => ask(nginx, seen, path, request), nginx)
  } finally {
    await nginx.stop()
    await Promise.all(replicas.map(close))
  }
}

function answerTo(seen) {
  return async (req, res) => {
    let body = ''
    for await (const text of req) body += text
    const id = req.headers['x-case']
    const isFirst = !seen.some((earlier) => earlier.id === id)
    seen.push({ id, body, headers: req.headers })
    const fate = FATES[req.url] ?? (() => res.end('done'))
    fate({ req, res, isFirst })
  }
}

async function ask(nginx, seen, path, { method = 'POST', key, headers = {} } = {}) {
  const id = crypto.randomUUID()
  const answer = await fetch(`${nginx.url}${path}`, {
    method,
    headers: { ...(key && { 'Idempotency-Key': key }), ...headers, 'X-Case': id },
    ...(method === 'POST' && { body: 'the click' }),
  })
  return { status: answer.status, text: await answer.text(), arrivals: seen.filter((request) => request.id === id) }
}

/** @returns what a replica saw last of it */
function expect({ status, text, arrivals }, wanted) {
  if (status !== wanted.status || arrivals.length !== wanted.arrivals)
    throw new Error(`It was answered ${status} "${text.slice(0, 80)}", and arrived ${arrivals.length} times.`)
  return arrivals.at(-1)
}

function listen(handle) {
  const server = createServer(handle)
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

function close(server) {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
}
