import { fileURLToPath } from 'node:url'
import { createApiRouter, type Dependencies } from '@org/api'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import express, { type Express } from 'express'
import session from 'express-session'
import { approveDeal } from './approveDeal.js'
import { deskRouter } from './deskRouter.js'
import { type RealtimeSettings, realtimeRouter } from './realtimeRouter.js'
import { callerBy, signInRouter } from './signIn.js'

const PAGE = fileURLToPath(new URL('../page', import.meta.url))

export interface TeamSettings {
  sessionSecret: string
  realtime: RealtimeSettings | null
}

export function createTeamApp(dependencies: Dependencies, db: NodePgDatabase, { sessionSecret, realtime }: TeamSettings): Express {
  const caller = callerBy(db)
  const app = express()
  app.use(session({ secret: sessionSecret, resave: false, saveUninitialized: false, cookie: { sameSite: 'lax', httpOnly: true } }))
  app.use('/critical', createApiRouter(dependencies, { caller, actions: [approveDeal(dependencies.database, db)] }))
  if (realtime) app.use(realtimeRouter(realtime))
  app.use(signInRouter(db), deskRouter({ db, caller, realtime }), express.static(PAGE))
  return app
}
