import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'

export type Chunk = string | Uint8Array
export type Done = () => void
export type HeadersToWrite = OutgoingHttpHeaders | OutgoingHttpHeader[]

type SetHeader = (this: ServerResponse, name: string, value: OutgoingHttpHeader) => ServerResponse

/** The functions every answer leaves by: streams, `res.json` and empty bodies end in them too, and `res.set` and `setHeaders`. */
export interface Doors {
  setHeader: SetHeader
  appendHeader: SetHeader
  removeHeader: (this: ServerResponse, name: string) => void
  writeHead: (this: ServerResponse, status: number, reason?: string | HeadersToWrite, headers?: HeadersToWrite) => ServerResponse
  write: (this: ServerResponse, chunk: Chunk, encoding?: BufferEncoding | Done, done?: Done) => boolean
  end: (this: ServerResponse, chunk?: Chunk | Done | null, encoding?: BufferEncoding | Done, done?: Done) => ServerResponse
}

interface App {
  parent?: App
  response: Doors
}

/**
 * The object whose doors an answer goes through first: the prototype that all answers of the app share, or the answer
 * itself where another middleware (compression, say) has given it doors of its own, or where there is no app.
 * Express gives each answer a hidden class of its own, and every property added to one costs
 * microseconds (measured: half of what a new key cost), so an answer gets none from us where that can be.
 */
export function doorsOf(res: ServerResponse & { app?: unknown }): Doors {
  if (res.app === undefined || hasDoors(res)) return res as unknown as Doors
  let app = res.app as App
  // An answer that leaves a mounted app for its parent changes prototypes on the way; the outermost stays in the chain.
  while (app.parent !== undefined) app = app.parent
  return app.response
}

function hasDoors(res: ServerResponse): boolean {
  const ways = Object.hasOwn(res, 'end') || Object.hasOwn(res, 'write') || Object.hasOwn(res, 'writeHead')
  return ways || Object.hasOwn(res, 'setHeader') || Object.hasOwn(res, 'appendHeader')
}
