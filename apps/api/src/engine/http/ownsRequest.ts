import type { Request, RequestHandler, Router } from 'express'

type Layer = Router['stack'][number]

export interface OwnsRequestOptions {
  /** Also where none of their routes takes the method: the answer to that is theirs. */
  anyMethod: boolean
}

/**
 * Whether one of these routers has a route for a request. Asked before anything is done for it, so that what is somebody
 * else's passes as if nobody were here: no header, no body read, no sign-in asked for.
 */
export function ownsRequest(routers: readonly RequestHandler[], { anyMethod }: OwnsRequestOptions): (req: Request) => boolean {
  const layers = routers.flatMap(layersOf)
  return (req) => isTaken(layers, { path: req.url.split('?', 1)[0] ?? '/', method: anyMethod ? null : methodOf(req) })
}

interface Asked {
  path: string
  /** Null: any. */
  method: string | null
}

/** Whether a route takes it, also one of a router that another one holds. */
function isTaken(layers: readonly Layer[], { path, method }: Asked): boolean {
  return layers.some((layer) => {
    const { route } = layer
    const inner = layersOf(layer.handle)
    if (route === undefined ? inner.length === 0 : !takes(route, method)) return false
    try {
      const rest = restBehind(layer, path)
      return rest !== null && (route !== undefined || isTaken(inner, { path: rest, method }))
    } catch {
      // A path with an encoding that is none. Of a route of ours the refusal is ours too; behind a prefix anybody's may stand.
      return route !== undefined
    }
  })
}

function layersOf(router: unknown): readonly Layer[] {
  return (router as Partial<Router>).stack ?? []
}

// A preflight belongs to whoever takes what follows it.
function methodOf(req: Request): string {
  const asked = req.method === 'OPTIONS' ? req.headers['access-control-request-method'] : undefined
  const method = (asked ?? req.method).toLowerCase()
  return method === 'head' ? 'get' : method
}

/** Whether the route is for this very method: one for all of them only refuses the others. */
function takes(route: NonNullable<Layer['route']>, method: string | null): boolean {
  return method === null || Object.hasOwn((route as unknown as { methods: object }).methods, method)
}

/** What of the path a layer leaves to what it holds; null where the path is none of its. */
function restBehind(layer: Layer, path: string): string | null {
  const { match } = layer as unknown as { match(path: string): boolean | { path: string } }
  const found = match.call(layer, path)
  if (found === false) return null
  // Routers before 2.3 keep it on the layer.
  const taken = typeof found === 'object' ? found.path : layer.path
  const rest = path.slice(taken?.length ?? 0)
  return rest.startsWith('/') ? rest : `/${rest}`
}
