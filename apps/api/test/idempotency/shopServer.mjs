// A team's own server in a process of its own. Tells its parent where it listens, and counts its runs there.
// A handler takes as long as the header `takes-ms` says.
// node shopServer.mjs <redis url> <options as JSON>
import express from 'express'
import { connectRedis, idempotency, RedisStore } from '../../dist/engine/idempotency/index.js'

const [url = '', options = '{}'] = process.argv.slice(2)
const redis = connectRedis({ url, onError: () => undefined })
while (!redis.isUp) await new Promise((resolve) => setTimeout(resolve, 5))

const guard = idempotency({
  store: new RedisStore(redis),
  scope: (req) => req.get('user') ?? 'ana',
  onStoreError: () => undefined,
  ...JSON.parse(options),
})
const app = express()
app.post('/do', express.json(), guard, (req, res) => {
  process.send({ ran: process.pid })
  setTimeout(() => res.status(201).json({ by: process.pid }), Number(req.get('takes-ms') ?? 0))
})
const server = app.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}/do` }))
