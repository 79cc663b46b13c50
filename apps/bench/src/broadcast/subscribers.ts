import WebSocket from 'ws'

// A crowd of browsers in a process of its own: each has one connection and one joined channel.

const [url, token, mode, size] = process.argv.slice(2)
const count = Number(size)
const [topic, config] =
  mode === 'broadcast'
    ? ['realtime:sync:leads:org-1', { private: true }]
    : ['realtime:leads', { postgres_changes: [{ event: '*', schema: 'public', table: 'leads' }] }]
const AT_ONCE = 50
let heard = 0
let heardBy95 = 0

function hear(): void {
  heard += 1
  if (heard % count === Math.ceil(count * 0.95)) heardBy95 = performance.timeOrigin + performance.now()
  if (heard % count === 0) process.send?.({ heardBy95, heardByAll: performance.timeOrigin + performance.now() })
}

async function join(): Promise<void> {
  const socket = new WebSocket(url ?? '', { perMessageDeflate: false })
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject))
  await new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      if (data.includes('lead-1')) hear()
      else if (data.includes('phx_reply')) resolve()
    })
    socket.send(JSON.stringify(['1', '1', topic, 'phx_join', { config, access_token: token }]))
  })
}

for (let begun = 0; begun < count; begun += AT_ONCE) await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - begun) }, join))
process.send?.('joined')
