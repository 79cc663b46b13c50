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
  return (req) => {
    const path = req.url.split('?', 1)[0] ?? '/'
    const method = methodOf(req)
    return layers.some((layer) => layer.route !== undefined && (anyMethod || takes(layer.route, method)) && matches(layer, path))
  }
}

function layersOf(router: RequestHandler): readonly Layer[] {
  return (router as Partial<Router>).stack ?? []
}

// A preflight belongs to whoever takes what follows it.
function methodOf(req: Request): string {
  const asked = req.method === 'OPTIONS' ? req.headers['access-control-request-method'] : undefined
  const method = (asked ?? req.method).toLowerCase()
  return method === 'head' ? 'get' : method
}

/** Whether the route is for this very method: one for all of them only refuses the others. */
function takes(route: NonNullable<Layer['route']>, method: string): boolean {
  return Object.hasOwn(methodsOf(route), method)
}

function methodsOf(route: NonNullable<Layer['route']>): Readonly<Record<string, unknown>> {
  return (route as unknown as { methods: Record<string, unknown> }).methods
}

function matches(layer: Layer, path: string): boolean {
  try {
    return (layer as unknown as { match(path: string): boolean }).match(path)
  } catch {
    // A path of ours with an encoding that is none: the refusal of it is ours too.
    return true
  }
}
