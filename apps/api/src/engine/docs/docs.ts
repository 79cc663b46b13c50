import { createHash } from 'node:crypto'
import { createOpenApi, type DocumentedAction } from '@org/contracts/openapi'
import { Router } from 'express'
import { onlyGet } from '../http/allowOnly.js'
import { referencePage, STYLE } from './referencePage.js'

/** GET /openapi.json and /docs: the API's own description, made from the contracts it checks with. */
export function docsRouter({ actions }: { actions: readonly DocumentedAction[] }): Router {
  const document = createOpenApi({ actions })
  const json = JSON.stringify(document)
  const page = referencePage(document)
  // The page needs its own style and nothing else: no script, no font, no request to anyone.
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'`

  const router = Router()
  router.get('/openapi.json', (_req, res) => {
    res.setHeader('Content-Type', 'application/json; charset=utf-8')
    res.end(json)
  })
  router.get('/docs', (_req, res) => {
    res.setHeader('Content-Security-Policy', policy)
    res.setHeader('Content-Type', 'text/html; charset=utf-8')
    res.end(page)
  })
  router.all(['/openapi.json', '/docs'], onlyGet)
  return router
}
