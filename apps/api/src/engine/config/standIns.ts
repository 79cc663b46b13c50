import { BlockList, isIP } from 'node:net'

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

const PRIVATE = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv4')
PRIVATE.addSubnet('fc00::', 7, 'ipv6')
PRIVATE.addSubnet('fe80::', 10, 'ipv6')
PRIVATE.addAddress('::1', 'ipv6')
/** Last words of names that only a private network knows. */
const PRIVATE_NAMES = /(^|\.)(internal|local|localhost|localdomain|lan|home|corp|intranet|private|svc|test|invalid|example|arpa)$/i

/** True when somebody outside of one's own network can find an address: a public name or number. Pure. */
export function isPublic(address: string): boolean {
  if (!URL.canParse(address)) return false
  const host = new URL(address).hostname.replace(/^\[|\]$|\.$/g, '')
  const family = isIP(host)
  if (family !== 0) return !PRIVATE.check(host, family === 4 ? 'ipv4' : 'ipv6')
  return host.includes('.') && !PRIVATE_NAMES.test(host)
}
