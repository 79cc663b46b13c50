/** What the dashboard must know about the services behind it. Pure. */
export function dashboardSettings(env: Readonly<Record<string, string | undefined>>, url: string) {
  const real = env.SUPABASE_URL ? { supabaseUrl: env.SUPABASE_URL, supabaseAnonKey: env.SUPABASE_ANON_KEY ?? '' } : null
  return {
    ...(real ?? { supabaseUrl: url, supabaseAnonKey: 'demo-anon-key' }),
    demoSignIn: real === null,
    standIns: !env.TWILIO_ACCOUNT_SID || real === null,
  }
}
