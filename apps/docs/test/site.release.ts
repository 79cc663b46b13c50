import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from '@jest/globals'

const HERE = resolve(import.meta.dirname, '..')
const SITE = join(HERE, '.vitepress/dist')
const BUILD_LIMIT_MS = 180_000
const PICTURED = [
  'BookingConfirmButton',
  'SendSMSButton',
  'LeadStatusButton',
  'LeadStatusBulkUpdateButton',
  'OfflineIndicator',
  'SmsHistory',
]

const pages = new Map<string, string>()

beforeAll(async () => {
  // It refuses to build with a link between pages that leads nowhere.
  await promisify(execFile)('npm', ['run', '--silent', 'docs:build'], { cwd: HERE })
  const files = readdirSync(SITE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'))
  for (const file of files) pages.set(pageName(file), readFileSync(join(SITE, file), 'utf8'))
}, BUILD_LIMIT_MS)

function pageName(file: string): string {
  return `/${file.replace(/\.html$/, '').replace(/(^|\/)index$/, '$1')}`
}

/** Where a link of a page leads inside the site; undefined for one that leaves it. */
function targetOf(href: string, from: string): { page: string; anchor: string } | undefined {
  if (/^[a-z]+:|^\/assets\//.test(href)) return undefined
  const [path = '', anchor = ''] = href.split('#')
  const page = path === '' ? from : path.startsWith('/') ? path : `/${relative('/', resolve(dirname(from), path))}`
  return { page: page.replace(/\.html$/, ''), anchor: decodeURIComponent(anchor) }
}

function deadLinks([from, html]: [string, string]): string[] {
  const links = [...html.matchAll(/<a [^>]*?href="([^"]+)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'))
  return links.filter((href) => {
    const target = targetOf(href, from)
    if (target === undefined) return false
    const page = pages.get(target.page)
    return page === undefined || (target.anchor !== '' && !page.includes(`id="${target.anchor}"`))
  })
}

describe('the documentation site', () => {
  it('has its pages', () => {
    expect([...pages.keys()]).toEqual(
      expect.arrayContaining([
        '/',
        '/guide/quick-start',
        '/guide/comparison',
        '/backend/deploy',
        '/reference/error-codes',
        ...['api', 'types', 'settings', 'headers', 'metrics'].map((name) => `/reference/${name}`),
      ]),
    )
  })

  it('has a picture of each component on the page that introduces them, and says in words what is on it', () => {
    const html = pages.get('/guide/components') ?? ''
    const pictures = [...html.matchAll(/<state-pictures of="(\w+)" aria-label="(\w+) (?:in|with) /g)].map(([, of, label]) => [of, label])
    expect(pictures).toEqual(PICTURED.map((component) => [component, component]))
    const drawn = readFileSync(join(HERE, '.vitepress/theme/states/statePictures.tsx'), 'utf8')
    for (const component of PICTURED) expect(drawn).toContain(`    ${component}: `)
  })

  it('draws what was measured, in the colours of the page', () => {
    const html = pages.get('/reference/figures') ?? ''
    expect([...html.matchAll(/<figure>\s*<svg class="figure"/g)]).toHaveLength(7)
    expect(readFileSync(join(HERE, '.vitepress/theme/site.css'), 'utf8')).toMatch(/\.figure \.line\.ours \{\s*stroke: var\(--vp-c-/)
  })

  it('leads every link, the side bar and the headings included, to a place that exists', () => {
    const dead = [...pages].map((page) => [page[0], deadLinks(page)] as const).filter(([, links]) => links.length > 0)
    expect(Object.fromEntries(dead)).toEqual({})
  })
})
