import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import express from 'express'
import request from 'supertest'
import {
  createIdentity,
  createRealtimeGateway,
  createStandInRoutes,
  createTwilioSimulator,
  type Identity,
  type RealtimeGateway,
  type TwilioSimulator,
} from '../src/index.js'
import { FakeFeed } from './harness/FakeFeed.js'
import { twilioSdk } from './harness/twilioSdk.js'
import { openWebhookReceiver } from './harness/webhookReceiver.js'

let identity: Identity
let twilio: TwilioSimulator
let realtime: RealtimeGateway
let inboundUrl: string | undefined
let app: express.Express

beforeEach(async () => {
  inboundUrl = undefined
  identity = await createIdentity()
  twilio = await createTwilioSimulator({ inboundUrl: () => inboundUrl })
  realtime = createRealtimeGateway({ feed: new FakeFeed(), verify: identity.verify })
  app = express().use('/_stand-ins', createStandInRoutes({ identity, twilio, realtime, sessionCookieName: 'demo_session' }))
})

afterEach(async () => {
  realtime.close()
  await twilio.close()
})

describe('sign-in', () => {
  it('gives a token that the JWKS document verifies, and the session cookie', async () => {
    const response = await request(app).post('/_stand-ins/token').send({ user: 'ana' }).expect(200)
    const claims = await identity.verify(response.body.access_token)
    expect(claims).toMatchObject({ sub: 'user-456', role: 'authenticated', aud: 'authenticated', app_metadata: { org_id: 'org-1' } })
    const [cookie] = response.get('Set-Cookie') ?? []
    expect(cookie).toMatch(/^demo_session=[^;]+; Max-Age=3600; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/)
    expect(cookie).toContain(response.body.access_token)
  })

  it.each([
    [{ user: 'mallory' }, /user: Invalid option: expected one of "ana"\|"ben"\|"eve"/],
    [{}, /user/],
    [{ user: 'ana', admin: true }, /admin/],
  ])('refuses %j with a clear line', async (body, error) => {
    const response = await request(app).post('/_stand-ins/token').send(body).expect(400)
    expect(response.body.error).toMatch(error)
    expect(response.get('Set-Cookie')).toBeUndefined()
  })

  it('takes JSON only, so that no foreign page can sign somebody in with a plain form', async () => {
    await request(app).post('/_stand-ins/token').type('text/plain').send('{"user":"ana"}').expect(400)
  })

  it('ends with DELETE, which clears the cookie', async () => {
    const response = await request(app).delete('/_stand-ins/token').expect(204)
    expect(response.get('Set-Cookie')?.[0]).toMatch(/^demo_session=; .*Expires=Thu, 01 Jan 1970/)
  })

  it.each(['/jwks.json', '/.well-known/jwks.json'])('shows the public key alone at %s', async (path) => {
    const { body } = await request(app).get(`/_stand-ins${path}`).expect(200)
    expect(body.keys).toEqual([
      { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: expect.any(String), x: expect.any(String), y: expect.any(String) },
    ])
  })
})

describe('the fault plan', () => {
  const DEFAULTS = {
    twilio: { mode: 'ok', status: 503, code: 20503, latencyMs: 0, rate: 1, lostCallbacks: 0 },
    realtime: { dropRate: 0, delayMs: 0, disconnect: false, silent: false, lateSystemMs: 0, expireTokens: false, down: false },
  }

  it('is all defaults before anybody wrote one', async () => {
    const { body } = await request(app).get('/_stand-ins/faults').expect(200)
    expect(body).toEqual(DEFAULTS)
  })

  it('fills in what was omitted, and each PUT replaces the whole plan', async () => {
    await request(app)
      .put('/_stand-ins/faults')
      .send({ realtime: { dropRate: 0.5 } })
      .expect(200)
    const written = await request(app)
      .put('/_stand-ins/faults')
      .send({ twilio: { mode: 'error', code: 21211, times: 5 } })
      .expect(200)
    expect(written.body).toEqual({ ...DEFAULTS, twilio: { ...DEFAULTS.twilio, mode: 'error', status: 400, code: 21211, times: 5 } })
    expect((await request(app).get('/_stand-ins/faults')).body).toEqual(written.body)
  })

  it('takes the whole example of the design', async () => {
    const plan = {
      twilio: { mode: 'rate-limited', status: 503, code: 21211, latencyMs: 0, rate: 1, times: 5 },
      realtime: { dropRate: 0, delayMs: 0, disconnect: true, silent: false },
    }
    const { body } = await request(app).put('/_stand-ins/faults').send(plan).expect(200)
    expect(body).toMatchObject(plan)
  })

  it('takes back what GET shows', async () => {
    const { body } = await request(app).get('/_stand-ins/faults')
    await request(app).put('/_stand-ins/faults').send(body).expect(200, body)
  })

  it('is cleared by DELETE', async () => {
    await request(app)
      .put('/_stand-ins/faults')
      .send({ twilio: { mode: 'timeout' }, realtime: { down: true } })
      .expect(200)
    await request(app).delete('/_stand-ins/faults').expect(200, DEFAULTS)
  })

  it('closes and opens the simulator’s port', async () => {
    const message = { to: '+15005550101', from: twilio.phoneNumber, body: 'Hi' }
    await request(app)
      .put('/_stand-ins/faults')
      .send({ twilio: { mode: 'refused' } })
      .expect(200)
    await expect(twilioSdk(twilio).messages.create(message)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await request(app).delete('/_stand-ins/faults').expect(200)
    await expect(twilioSdk(twilio).messages.create(message)).resolves.toBeDefined()
  })

  it.each([
    [{ twilio: { mode: 'broken' } }, /twilio\.mode: Invalid option/],
    [{ twilio: { mod: 'ok' } }, /twilio: Unrecognized key: "mod"/],
    [{ twilio: { rate: 1.5 } }, /twilio\.rate: /],
    [{ twilio: { times: -1 } }, /twilio\.times: /],
    [{ twilio: { status: 200 } }, /twilio\.status: /],
    [{ twilio: { latencyMs: '10' } }, /twilio\.latencyMs: /],
    [{ realtime: { dropRate: 2 } }, /realtime\.dropRate: /],
    [{ realtime: { disconnect: 'yes' } }, /realtime\.disconnect: /],
    [{ twillio: {} }, /Unrecognized key: "twillio"/],
    [[], /expected object/],
  ])('refuses %j with a line that names the field, and changes nothing', async (plan, error) => {
    await request(app)
      .put('/_stand-ins/faults')
      .send({ twilio: { mode: 'timeout' } })
      .expect(200)
    const response = await request(app).put('/_stand-ins/faults').send(plan).expect(400)
    expect(response.body.error).toMatch(error)
    expect(twilio.faults().mode).toBe('timeout')
  })

  it('refuses a body that is no JSON', async () => {
    const response = await request(app).put('/_stand-ins/faults').type('json').send('{"twilio":').expect(400)
    expect(response.body).toEqual({ error: 'The body is not valid JSON, or too large.' })
  })
})

describe('what Twilio accepted', () => {
  it('is listed in the order of acceptance', async () => {
    const { messages } = twilioSdk(twilio)
    const first = await messages.create({ to: '+15005550101', from: twilio.phoneNumber, body: 'one' })
    const second = await messages.create({ to: '+15005550102', from: twilio.phoneNumber, body: 'two' })
    const { body } = await request(app).get('/_stand-ins/twilio/messages').expect(200)
    expect(body).toEqual({
      messages: [
        { sid: first.sid, to: '+15005550101', from: twilio.phoneNumber, body: 'one', status: 'queued' },
        { sid: second.sid, to: '+15005550102', from: twilio.phoneNumber, body: 'two', status: 'queued' },
      ],
    })
  })

  it('can be replied to', async () => {
    const receiver = await openWebhookReceiver()
    inboundUrl = `${receiver.base}/inbound`
    await request(app)
      .post('/_stand-ins/twilio/inbound')
      .send({ from: '+15005550101', body: 'STOP' })
      .expect(200, { status: 204, error: null })
    expect(receiver.received[0]?.params).toMatchObject({ From: '+15005550101', Body: 'STOP' })
    await receiver.close()
  })

  it('says so when a reply has nowhere to go', async () => {
    const response = await request(app).post('/_stand-ins/twilio/inbound').send({ from: '+15005550101', body: 'Hi' }).expect(409)
    expect(response.body.error).toMatch(/No inbound URL/)
  })
})

it('answers 404 for a route it does not have', async () => {
  await request(app).get('/_stand-ins/nothing').expect(404)
})
