import type { Response } from 'express'

export type Chunk = string | Uint8Array
export type Done = () => void

/** The two functions every answer leaves by. */
export interface Doors {
  write: (this: Response, chunk: Chunk, encoding?: BufferEncoding | Done, done?: Done) => boolean
  end: (this: Response, chunk?: Chunk | Done | null, encoding?: BufferEncoding | Done, done?: Done) => Response
}

interface App {
  parent?: App
  response: Doors
}

/**
 * The object whose doors an answer goes through first: the prototype that all answers of the app share,
 * or the answer itself where another middleware (compression, say) has given it doors of its own.
 * Express gives each answer a hidden class of its own, and every property added to one costs
 * microseconds (measured: half of what a new key cost), so an answer gets none from us.
 */
export function doorsOf(res: Response): Doors {
  if (Object.hasOwn(res, 'end') || Object.hasOwn(res, 'write')) return res as unknown as Doors
  let app = res.app as unknown as App
  // An answer that leaves a mounted app for its parent changes prototypes on the way; the outermost stays in the chain.
  while (app.parent !== undefined) app = app.parent
  return app.response
}
