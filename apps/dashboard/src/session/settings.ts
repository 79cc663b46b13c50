/** Which services stand behind this page; the demo tells at /settings.json. */
export interface Settings {
  supabaseUrl: string
  supabaseAnonKey: string
  /** True: the demo signs anybody in as ana, ben or eve. False: Supabase Auth does, with a password. */
  demoSignIn: boolean
  /** True: faults can be played with. */
  standIns: boolean
}

const KEPT = 'settings'

/** Reads the settings; without a network, the ones of the last visit. */
export async function loadSettings(): Promise<Settings> {
  const loaded = await fetch('/settings.json', { cache: 'no-store' })
    .then((response) => (response.ok ? (response.json() as Promise<Settings>) : null))
    .catch(() => null)
  if (loaded !== null) localStorage.setItem(KEPT, JSON.stringify(loaded))
  return loaded ?? keptSettings() ?? demoSettings()
}

function keptSettings(): Settings | null {
  return JSON.parse(localStorage.getItem(KEPT) ?? 'null') as Settings | null
}

/** Everything from the page's own origin, as `npm start` serves it. */
function demoSettings(): Settings {
  return { supabaseUrl: window.location.origin, supabaseAnonKey: 'demo-anon-key', demoSignIn: true, standIns: true }
}
