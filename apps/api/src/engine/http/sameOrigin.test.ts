import { describe, expect, it } from '@jest/globals'
import { isTrustedOrigin, type OriginHeaders } from './sameOrigin.js'

const trusted = { publicUrl: 'https://api.example.com/base', corsOrigins: ['https://app.example.com'] }
const from = (headers: Partial<OriginHeaders>) =>
  isTrustedOrigin({ fetchSite: undefined, origin: undefined, host: 'localhost:4300', ...headers }, trusted)

describe('isTrustedOrigin', () => {
  it.each<[string, Partial<OriginHeaders>]>([
    ['this origin, as the browser says', { fetchSite: 'same-origin', origin: 'http://localhost:4300' }],
    ['this origin, where the browser says no more than its name', { origin: 'http://localhost:4300' }],
    ['the public address', { origin: 'https://api.example.com' }],
    ['a listed origin', { fetchSite: 'cross-site', origin: 'https://app.example.com' }],
  ])('takes a write from %s', (_name, headers) => {
    expect(from(headers)).toBe(true)
  })

  it.each<[string, Partial<OriginHeaders>]>([
    ['another site', { fetchSite: 'cross-site', origin: 'https://evil.example' }],
    ['a neighbour on the same site', { fetchSite: 'same-site', origin: 'https://evil.example.com' }],
    ['a page opened by hand', { fetchSite: 'none' }],
    ['a page without an origin', { fetchSite: 'cross-site', origin: 'null' }],
    ['nowhere', {}],
    ['an origin of old browsers that is not ours', { origin: 'https://evil.example' }],
    ['a name that begins like a listed one', { origin: 'https://app.example.com.evil.example' }],
    ['a forged host', { origin: 'https://evil.example', host: 'evil.example.', fetchSite: 'cross-site' }],
  ])('refuses a write from %s', (_name, headers) => {
    expect(from(headers)).toBe(false)
  })
})
