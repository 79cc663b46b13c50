import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createIdentity, createRealtimeGateway, type FeedChange } from '@org/stand-ins'

/** One origin with the page, an empty change log and the realtime gateway. */
export async function openWorld(pageScript: string) {
  const identity = await createIdentity()
  const listeners = new Set<(change: FeedChange) => void>()
  const gateway = createRealtimeGateway({
    feed: {
      subscribe: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    verify: identity.verify,
  })
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0]
    if (path === '/bench.js') answer(response, 'text/javascript', pageScript)
    else if (path === '/api/sync/changes') answer(response, 'application/json', EMPTY_LOG)
    else if (path?.startsWith('/api/')) answer(response, 'application/json', '{"leads":[],"nextCursor":null}')
    else answer(response, 'text/html', '<!doctype html><title>bench</title><script type="module" src="/bench.js"></script>')
  })
  gateway.attach(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  let version = 0

  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    gateway,
    token: () => identity.issueToken({ user: 'ana' }),
    /** Pushes one change of a lead and returns what subscribers note of it. */
    push: (): string => {
      version += 1
      const row = { id: 'lead-1', version, org_id: 'org-1', updated_by: null, updated_at: '', last_mutation_key: null }
      for (const listener of listeners)
        listener({ table: 'leads', eventType: 'UPDATE', new: row, old: { id: row.id }, version, tenant: 'org-1' })
      return `lead-1 ${version}`
    },
    close: async () => {
      gateway.close()
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
    },
  }
}

export type World = Awaited<ReturnType<typeof openWorld>>

const EMPTY_LOG = JSON.stringify({ changes: [], next: 'c', hasMore: false, horizonLagMs: 0, epoch: 'e' })

function answer(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { 'content-type': type }).end(body)
}
