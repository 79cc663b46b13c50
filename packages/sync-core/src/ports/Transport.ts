export interface TransportRequest {
  method: 'GET' | 'POST'
  /** Absolute path with query, for example "/api/session"; the adapter knows the base URL. */
  path: string
  headers: Readonly<Record<string, string>>
  /** JSON text. */
  body?: string | undefined
  /** Gives up after this many milliseconds, > 0. */
  timeoutMs: number
  signal?: AbortSignal | undefined
}

/**
 * What came back. `json` is the parsed body, undefined when the body is no JSON (a captive portal's page,
 * a proxy's error); `header` looks up a response header without regard to case.
 */
export type TransportAnswer =
  | { kind: 'answer'; status: number; header(name: string): string | null; json: unknown }
  | { kind: 'failure'; reason: 'network' | 'timeout' | 'aborted' }

/** Sends one request. Never rejects: every ending is a value. */
export interface Transport {
  send(request: TransportRequest): Promise<TransportAnswer>
}
