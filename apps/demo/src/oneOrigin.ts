import type { RequestListener } from 'node:http'
import { createStandInRoutes, type RealtimeGateway } from '@org/stand-ins'
import express, { type Express } from 'express'
import { dashboardFiles } from './dashboardFiles.js'
import { dashboardSettings } from './dashboardSettings.js'
import { plainFailure } from './plainFailure.js'
import type { StandIns } from './startStandIns.js'

interface Parts {
  api: Express
  standIns: StandIns
  gateway: RealtimeGateway
  /** The caller's environment. */
  env: NodeJS.ProcessEnv
  url: string
}

/** Dashboard, stand-in routes and API behind one address. */
export function oneOrigin({ api, standIns, gateway, env, url }: Parts): RequestListener {
  const app = express().disable('x-powered-by')
  const cookie = env.SESSION_COOKIE_NAME ? { sessionCookieName: env.SESSION_COOKIE_NAME } : {}
  app.use('/_stand-ins', createStandInRoutes({ ...standIns, realtime: gateway, ...cookie }))
  app.get('/settings.json', (_request, response) => void response.set('Cache-Control', 'no-store').json(dashboardSettings(env, url)))
  app.use(dashboardFiles())
  app.use(api)
  app.use(plainFailure)
  return app
}
