import { createHash } from 'node:crypto'
import { createOpenApi, type DocumentedAction } from '@org/contracts/openapi'
import { Router } from 'express'
import { onlyGet } from '../http/allowOnly.js'
import { replyOf } from '../http/Reply.js'
import { referencePage, STYLE } from './referencePage.js'

/** GET /openapi.json and /docs: the API's own description, made from the contracts it checks with. */
export function docsRouter({ actions, reads }: { actions: readonly DocumentedAction[]; reads: readonly string[] }): Router {
  const document = createOpenApi({ actions, reads })
  const json = JSON.stringify(document)
  const page = referencePage(document)
  // The page needs its own style and nothing else: no script, no font, no request to anyone.
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'`

  const router = Router()
  router.get('/openapi.json', (_req, res) => {
    replyOf(res).give({ status: 200, body: json, headers: { 'Content-Type': 'application/json; charset=utf-8' } })
  })
  router.get('/docs', (_req, res) => {
    const headers = { 'Content-Security-Policy': policy, 'Content-Type': 'text/html; charset=utf-8' }
    replyOf(res).give({ status: 200, body: page, headers })
  })
  router.all(['/openapi.json', '/docs'], onlyGet)
  return router
}
