import { LIMITS } from '@org/contracts'
import { type RequestHandler, Router } from 'express'
import { onlyPost } from '../http/allowOnly.js'
import { jsonBody } from '../http/jsonBody.js'
import type { TrustedOrigins } from '../http/sameOrigin.js'
import type { ActionRoute } from './ActionRoute.js'
import { readArrival } from './arrival.js'
import { type RunArrivalOptions, runArrival } from './runArrival.js'

export interface ActionsOptions extends RunArrivalOptions {
  routes: readonly ActionRoute[]
  origins: TrustedOrigins
}

/** One POST route per path of an action: body → whose click → once → judge, run, answer. */
export function actionsRouter({ routes, origins, ...run }: ActionsOptions): Router {
  const router = Router()
  for (const [path, sharing] of byPath(routes)) {
    const body = jsonBody({
      ...origins,
      maxBytes: Math.max(...sharing.map(bodyLimit)),
      limitOf: (parsed) => bodyLimit(choose(sharing, parsed)),
    })
    router.post(path, body, arrive(sharing), runArrival(run))
    router.all(path, onlyPost)
  }
  return router
}

function byPath(routes: readonly ActionRoute[]): Map<string, ActionRoute[]> {
  const paths = new Map<string, ActionRoute[]>()
  for (const route of routes) {
    for (const path of [route.action.path, ...(route.otherPaths ?? [])]) paths.set(path, [...(paths.get(path) ?? []), route])
  }
  return paths
}

function arrive(sharing: readonly ActionRoute[]): RequestHandler {
  return (req, res, next) => {
    const { route } = readArrival(req, res, choose(sharing, req.body))
    // Refusals carry them too.
    for (const [name, value] of Object.entries(route.headers?.() ?? {})) res.setHeader(name, value)
    next()
  }
}

/** The action a body is meant for, among those that share a path. */
function choose(sharing: readonly ActionRoute[], body: unknown): ActionRoute {
  // One that none takes is judged by the last, so that its key is looked up before its shape is refused.
  return sharing.find(({ takes }) => takes?.(body) ?? true) ?? (sharing.at(-1) as ActionRoute)
}

const bodyLimit = (route: ActionRoute) => route.maxBodyBytes ?? LIMITS.bodyBytes
