import type { AddressInfo } from 'node:net'
import express from 'express'
import { type Contestant, middlewaresOf } from './contestants.js'

// One contestant in a process of its own, so that its CPU time is its own. Talks to its parent: { url }
// once it listens, then whatever it is asked for.
const [contestant = 'bare', redisUrl = ''] = process.argv.slice(2)
const app = express()
app.post('/do', express.json(), ...(await middlewaresOf(contestant as Contestant, redisUrl)), (req, res) => {
  res.json({ success: true, lead: { id: req.body.leadId, status: req.body.status, version: 2, name: 'Anna Kim', updated_by: 'user-456' } })
})
const server = app.listen(0, '127.0.0.1', () => process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/do` }))

// Its turn comes again after all others: a connection closed meanwhile would be taken for a failure.
server.keepAliveTimeout = 10 * 60_000

process.on('message', (question) => {
  if (question === 'cpu') {
    const { user, system } = process.cpuUsage()
    process.send?.({ micros: user + system })
  } else {
    globalThis.gc?.()
    const { heapUsed, external } = process.memoryUsage()
    process.send?.({ bytes: heapUsed + external })
  }
})
