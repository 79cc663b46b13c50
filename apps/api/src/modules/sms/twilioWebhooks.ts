import { LIMITS } from '@org/contracts'
import express, { type Request, type RequestHandler, Router } from 'express'
import { onlyPost } from '../../engine/http/allowOnly.js'
import { Refusal } from '../../engine/http/Refusal.js'
import { replyOf } from '../../engine/http/Reply.js'
import { single } from '../../engine/http/readQuery.js'
import { readOptOut } from './readOptOut.js'
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
    const callback = readStatusCallback(req)
    if (callback !== null && (await outbox.applyStatus(callback)) === 'second-sid') onSecondSid(callback.id)
    replyOf(res).give({ status: 204, body: '' })
  })

  router.post('/api/webhooks/twilio/inbound', signedForm, async (req: Request, res: express.Response) => {
    const { From: from } = formOf(req)
    const optedOut = readOptOut(formOf(req))
    if (from !== undefined && optedOut !== null) await outbox.setOptOut(from, optedOut)
    replyOf(res).give({ status: 204, body: '' })
  })

  router.all(['/api/webhooks/twilio/status', '/api/webhooks/twilio/inbound'], onlyPost)
  return router
}

function requireSignature(checkSignature: CheckTwilioSignature): RequestHandler {
  return (req, _res, next) => {
    const signature = req.get('x-twilio-signature')
    const params = formOf(req)
    if (signature === undefined || !checkSignature({ signature, pathAndQuery: req.originalUrl, params })) {
      throw new Refusal('FORBIDDEN', { error: 'This request is not signed by Twilio.' })
    }
    next()
  }
}

function readStatusCallback(req: Request): Parameters<SmsOutbox['applyStatus']>[0] | null {
  const id = single(req, 'mid')
  const attempt = Number(single(req, 'attempt'))
  const { MessageSid: sid, MessageStatus: status, ErrorCode: errorCode } = formOf(req)
  if (id === null || !Number.isInteger(attempt) || sid === undefined || status === undefined) return null
  return { id, attempt, sid, status, errorCode: errorCode === undefined || errorCode === '' ? null : Number(errorCode) }
}

function formOf(req: Request): Record<string, string | undefined> {
  return typeof req.body === 'object' && req.body !== null ? (req.body as Record<string, string>) : {}
}
