import { LIMITS } from '@org/contracts'
import express, { type Request, type RequestHandler, Router } from 'express'
import { onlyPost } from '../../engine/http/allowOnly.js'
import { Refusal } from '../../engine/http/Refusal.js'
import { replyOf } from '../../engine/http/Reply.js'
import { readOptOut } from './readOptOut.js'
import { readStatusCallback } from './readStatusCallback.js'
import type { SmsOutbox } from './SmsOutbox.js'
import type { CheckTwilioSignature } from './twilioSignature.js'

export interface TwilioWebhooksOptions {
  outbox: SmsOutbox
  checkSignature: CheckTwilioSignature
  /** Two carrier ids for one attempt. */
  onSecondSid: (id: string) => void
}

/** What Twilio tells us. Nobody is signed in here: the signature alone says that it is Twilio. */
export function twilioWebhooksRouter({ outbox, checkSignature, onSecondSid }: TwilioWebhooksOptions): Router {
  const router = Router()
  const signedForm = [express.urlencoded({ extended: false, limit: LIMITS.bodyBytes }), requireSignature(checkSignature)]

  router.post('/api/webhooks/twilio/status', signedForm, async (req: Request, res: express.Response) => {
    const callback = readStatusCallback({ id: req.query.mid, attempt: req.query.attempt, form: formOf(req) })
    if (callback !== null && (await outbox.applyStatus(callback)) === 'second-sid') onSecondSid(callback.id)
    replyOf(res).give({ status: 204, body: '' })
  })

  router.post('/api/webhooks/twilio/inbound', signedForm, async (req: Request, res: express.Response) => {
    const { From: from } = formOf(req)
    const optedOut = readOptOut(formOf(req))
    if (typeof from === 'string' && ADDRESS.test(from) && optedOut !== null) await outbox.setOptOut(from, optedOut)
    replyOf(res).give({ status: 204, body: '' })
  })

  router.all(['/api/webhooks/twilio/status', '/api/webhooks/twilio/inbound'], onlyPost)
  return router
}

function requireSignature(checkSignature: CheckTwilioSignature): RequestHandler {
  return (req, _res, next) => {
    const signature = req.get('x-twilio-signature')
    const params = formOf(req)
    if (signature === undefined || !checkSignature({ signature, pathAndQuery: req.originalUrl.slice(req.baseUrl.length), params })) {
      throw new Refusal('FORBIDDEN', { error: 'This request is not signed by Twilio.' })
    }
    next()
  }
}

/** A carrier address as it can stand in our rows: a number, a short code or a sender's name. */
const ADDRESS = /^[+A-Za-z0-9:_. -]{1,128}$/

function formOf(req: Request): Readonly<Record<string, unknown>> {
  return typeof req.body === 'object' && req.body !== null ? req.body : {}
}
