import { describe, expect, it } from '@jest/globals'
import { apiEnvironment } from './apiEnvironment.js'
import type { StandIns } from './startStandIns.js'

const standIns = {
  identity: { issuer: 'http://localhost:4300/_stand-ins' },
  twilio: { accountSid: 'AC1', authToken: 'simulated', phoneNumber: '+15005550006', url: 'http://127.0.0.1:9999' },
} as StandIns
const at = { port: 4300, url: 'http://localhost:4300', dataDirectory: '/data', standIns }

describe('the API settings at the demo', () => {
  it('stand in for everything when nothing is named', () => {
    expect(apiEnvironment({}, at)).toMatchObject({
      PORT: '4300',
      HOST: '127.0.0.1',
      PUBLIC_URL: 'http://localhost:4300',
      JWT_ISSUER: 'http://localhost:4300/_stand-ins',
      TWILIO_API_BASE_URL: 'http://127.0.0.1:9999',
    })
  })

  it('leave Twilio alone when a real account is named, with no part of the simulator left over', () => {
    const env = apiEnvironment({ TWILIO_ACCOUNT_SID: 'AC2', TWILIO_AUTH_TOKEN: 'real', TWILIO_FROM: '+1' }, at)
    expect(env).toMatchObject({ TWILIO_ACCOUNT_SID: 'AC2', TWILIO_AUTH_TOKEN: 'real', TWILIO_FROM: '+1' })
    expect(env).not.toHaveProperty('TWILIO_API_BASE_URL')
  })

  it("take Supabase's tokens when SUPABASE_URL is set", () => {
    expect(apiEnvironment({ SUPABASE_URL: 'https://abc.supabase.co/' }, at)).toMatchObject({
      JWKS_URL: 'https://abc.supabase.co/auth/v1/.well-known/jwks.json',
      JWT_ISSUER: 'https://abc.supabase.co/auth/v1',
    })
  })

  it('pass DATABASE_URL and REDIS_URL on', () => {
    const own = { DATABASE_URL: 'postgres://db', REDIS_URL: 'redis://r' }
    expect(apiEnvironment(own, at)).toMatchObject(own)
  })
})
