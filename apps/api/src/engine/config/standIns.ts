const THIS_MACHINE = /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f:]*\])$/i
const STAND_INS_PATH = /\/_stand-ins(\/|$)/

/** True when an address goes to this machine or to a stand-in, where production means the real thing. Pure. */
export function pointsHome(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { hostname, pathname } = new URL(address)
  return THIS_MACHINE.test(hostname.replace(/\.$/, '')) || STAND_INS_PATH.test(pathname)
}

/** The line for a setting that points home; null when none of these does. */
export function homeRefusal(settings: Readonly<Record<string, string | undefined>>): string | null {
  const found = Object.entries(settings).find(([, address]) => address !== undefined && pointsHome(address))
  if (found === undefined) return null
  return `${found[0]} points at this machine or at a stand-in, and NODE_ENV=production needs the real one. Nothing was started.`
}
