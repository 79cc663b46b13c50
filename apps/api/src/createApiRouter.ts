import { type Request, type Response, Router } from 'express'
import { type ApiOptions, apiRoutes, signIn } from './apiRoutes.js'
import type { Dependencies } from './dependencies.js'
import { notFound } from './engine/http/errorAnswer.js'
import { ownsRequest } from './engine/http/ownsRequest.js'
import { UNKNOWN_PROXY_OF_APP, warnOfUnknownProxy } from './engine/http/warnOfUnknownProxy.js'
import { limitByAddress } from './engine/limits/floodLimit.js'
import { answerErrors, beforeAll } from './surroundings.js'

/** What Express 4 and 5 both take. */
export type ApiRouter = (req: object, res: object, next: (error?: unknown) => void) => void

/**
 * The API as a part of an Express app that exists: `app.use(createApiRouter(…))`, before or after its body parser, under any
 * prefix. It answers where it has a route for path and method, and nothing of any other request is touched. Addresses for
 * operators (health, metrics, docs) are the app's own. Start `startBackground` beside it.
 */
export function createApiRouter(dependencies: Dependencies, options: ApiOptions = {}): ApiRouter {
  const { config, log } = dependencies
  const { open, closed } = apiRoutes(dependencies, options)
  const isOurs = ownsRequest([...open, ...closed], { anyMethod: false })
  const router = Router()
  // What the app trusts shows in the address it found.
  const isNamed = ({ ip, socket }: Request) => ip !== socket.remoteAddress
  const warnOfProxy = warnOfUnknownProxy({ ...config, isNamed, onFound: () => log.warn(UNKNOWN_PROXY_OF_APP) })
  router.use(...beforeAll(dependencies), warnOfProxy, limitByAddress({ perMinute: config.limits.addressPerMinute }))
  for (const route of open) router.use(route)
  router.use(...signIn(dependencies, options), ...closed, notFound, answerErrors(dependencies))
  return (req, res, next) => {
    if (!isOurs(req as Request)) return next()
    router(req as Request, res as Response, next)
  }
}
