import type { Transport, TransportAnswer, TransportRequest } from '../ports/Transport.js'

export interface FetchTransportOptions {
  /** Origin and optional prefix, for example "https://api.example.com". @default "", the page's own origin */
  apiUrl?: string
  /** @default the global `fetch` */
  fetch?: typeof fetch
  /** Cookies cross origins only with `include`, and then the API must name this origin. @default "same-origin" */
  credentials?: RequestCredentials
}

/** Sends by `fetch`. Every ending is a value: no network, no answer in time, or an answer. */
export function createFetchTransport({ apiUrl = '', fetch: given, credentials = 'same-origin' }: FetchTransportOptions = {}): Transport {
  const base = apiUrl.replace(/\/+$/, '')
  return {
    send: async (request) => {
      const timeout = new AbortController()
      const timer = setTimeout(() => timeout.abort(), request.timeoutMs)
      const stop = () => timeout.abort()
      request.signal?.addEventListener('abort', stop, { once: true })
      try {
        if (request.signal?.aborted) stop()
        return await exchange(given ?? fetch, `${base}${request.path}`, request, { signal: timeout.signal, credentials })
      } catch {
        if (request.signal?.aborted) return { kind: 'failure', reason: 'aborted' }
        return { kind: 'failure', reason: timeout.signal.aborted ? 'timeout' : 'network' }
      } finally {
        clearTimeout(timer)
        request.signal?.removeEventListener('abort', stop)
      }
    },
  }
}

async function exchange(
  send: typeof fetch,
  url: string,
  { method, headers, body }: TransportRequest,
  init: { signal: AbortSignal; credentials: RequestCredentials },
): Promise<TransportAnswer> {
  // A cached answer would be someone else's.
  const response = await send(url, { method, headers, ...init, cache: 'no-store', body: body ?? null })
  const text = await response.text()
  const { status, redirected, headers: told } = response
  // A redirect may have made a GET of it: that there is nothing to get at the address is no answer to what was sent.
  const isOther = redirected && method !== 'GET' && (status === 404 || status === 405)
  return { kind: 'answer', status, header: (name) => once(told.get(name)), json: isOther ? undefined : parseJson(text) }
}

/** What a proxy on the way has added to say the same once more. */
function once(value: string | null): string | null {
  return value === null ? null : value.replace(/^(.+), \1$/, '$1')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
