import { describe, expect, it } from '@jest/globals'
import { dashboardSettings } from './dashboardSettings.js'

const URL = 'http://localhost:4300'

describe('what the dashboard is told', () => {
  it('is the demo itself when nothing real is named', () => {
    expect(dashboardSettings({}, URL)).toEqual({ supabaseUrl: URL, supabaseAnonKey: 'demo-anon-key', demoSignIn: true, standIns: true })
  })

  it('is the Supabase project and its sign-in when one is named', () => {
    const env = { SUPABASE_URL: 'https://abc.supabase.co', SUPABASE_ANON_KEY: 'public' }
    expect(dashboardSettings(env, URL)).toMatchObject({
      supabaseUrl: 'https://abc.supabase.co',
      supabaseAnonKey: 'public',
      demoSignIn: false,
    })
  })

  it('offers no faults when neither Twilio nor Supabase is a stand-in', () => {
    expect(dashboardSettings({ SUPABASE_URL: 'https://abc.supabase.co', TWILIO_ACCOUNT_SID: 'AC1' }, URL).standIns).toBe(false)
  })
})
