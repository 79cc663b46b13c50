import type { RequestListener } from 'node:http'
import { createStandInRoutes, type RealtimeGateway } from '@org/stand-ins'
import express, { type Express, type RequestHandler } from 'express'
import { dashboardFiles } from './dashboardFiles.js'
import { dashboardSettings } from './dashboardSettings.js'
import { listedOrigins } from './listedOrigins.js'
import { loopbackOnly } from './loopbackOnly.js'
import { plainFailure } from './plainFailure.js'
import type { StandIns } from './startStandIns.js'

interface Parts {
  api: Express
  standIns: StandIns
  gateway: RealtimeGateway
  /** The caller's environment. */
  env: NodeJS.ProcessEnv
  url: string
  /** Pages of other origins that may sign in here. */
  origins: readonly string[]
  /** @default the dashboard */
  pages?: RequestHandler
}

/** Dashboard, stand-in routes and API behind one address. */
export function oneOrigin({ api, standIns, gateway, env, url, origins, pages = dashboardFiles() }: Parts): RequestListener {
  const app = express().disable('x-powered-by').use(loopbackOnly)
  const cookie = env.SESSION_COOKIE_NAME ? { sessionCookieName: env.SESSION_COOKIE_NAME } : {}
  app.use('/_stand-ins', listedOrigins(origins), createStandInRoutes({ ...standIns, realtime: gateway, ...cookie }))
  app.get('/settings.json', (_request, response) => void response.set('Cache-Control', 'no-store').json(dashboardSettings(env, url)))
  app.use(pages)
  app.use(api)
  app.use(plainFailure)
  return app
}
