import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Request, RequestHandler, Response } from 'express'
import { replyOf } from '../http/Reply.js'
import { requestIdOf } from '../http/requestId.js'
import { routeOf } from '../http/routeOf.js'
import { findSession } from '../identity/session.js'
import type { HashId } from './hashId.js'

/**
 * One span a request, which goes on with the trace of whoever sent it (`traceparent`). Where an instrumentation of Express or
 * HTTP has opened one already, that one is told what we know instead of there being two.
 */
export function traceRequests({ hashId }: { hashId: HashId }): RequestHandler {
  return (req, res, next) => {
    const theirs = trace.getActiveSpan()
    if (theirs !== undefined) {
      res.once('close', () => describe(theirs, req, res, hashId))
      return next()
    }
    const from = propagation.extract(context.active(), req.headers)
    const span = trace.getTracer('@org/api').startSpan(req.method, { kind: SpanKind.SERVER }, from)
    res.once('close', () => {
      describe(span, req, res, hashId)
      span.end()
    })
    context.with(trace.setSpan(from, span), next)
  }
}

function describe(span: Span, req: Request, res: Response, hashId: HashId): void {
  if (!span.isRecording()) return
  const { code } = replyOf(res)
  const session = findSession(res)
  const route = routeOf(req)
  if (route !== 'none') span.updateName(`${req.method} ${route}`)
  span.setAttributes({
    'http.request.method': req.method,
    ...(route !== 'none' && { 'http.route': route }),
    'http.response.status_code': res.statusCode,
    'app.request_id': requestIdOf(res),
    'app.replayed': res.getHeader('Idempotent-Replayed') === 'true',
    ...(code !== null && { 'app.code': code }),
    ...(session !== undefined && session.kind !== 'operator' && { 'app.organisation': hashId(session.tenant) }),
    ...(session?.kind === 'user' && { 'app.person': hashId(session.actor) }),
  })
  // A refusal is an answer; only what is our fault is an error of the span.
  if (res.statusCode >= 500 || !res.writableFinished) span.setStatus({ code: SpanStatusCode.ERROR })
}
