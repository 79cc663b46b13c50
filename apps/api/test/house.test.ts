import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'

const API = fileURLToPath(new URL('..', import.meta.url))
const DOMAIN = ['lead', 'sms', 'appointment', 'booking', 'twilio']

interface Source {
  path: string
  text: string
}

async function sourcesOf(folder: string, ends: string): Promise<Source[]> {
  const names = await readdir(join(API, folder), { recursive: true })
  const paths = names.filter((name) => name.endsWith(ends) && !name.endsWith('.test.ts')).map((name) => join(folder, name))
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(API, path), 'utf8') })))
}

/** The words a text is made of, its names taken apart: `sendSms` is "send" and "sms". */
function wordsOf(text: string): Set<string> {
  const words = text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z]+/)
  return new Set(words.map((word) => word.toLowerCase().replace(/s$/, '')))
}

const domainWordsOf = ({ path, text }: Source) => {
  const words = wordsOf(text)
  return DOMAIN.filter((word) => words.has(word.replace(/s$/, ''))).map((word) => `${path} says "${word}"`)
}

interface Import {
  from: string
  to: string
}

/** What a file imports of ours and runs; types alone join nothing. */
function importsOf({ path, text }: Source): Import[] {
  const imports = [...text.matchAll(/^(?:import|export)\s+(?!type\s)([^'"]*?)from\s+'(\.[^']+)'/gm)]
  return imports
    .filter(([, names = '']) => !/^\{\s*(type\s[^,}]+,?\s*)*\}\s*$/.test(names))
    .map(([, , to = '']) => ({ from: path, to: relative(API, join(API, dirname(path), to)) }))
}

describe('the engine', () => {
  test('knows nothing of what its modules are about', async () => {
    const sources = [...(await sourcesOf('src/engine', '.ts')), ...(await sourcesOf('sql/engine', '.sql'))]
    expect(sources.length).toBeGreaterThan(60)
    expect(sources.flatMap(domainWordsOf)).toEqual([])
  })

  test('imports nothing from outside of itself', async () => {
    const sources = await sourcesOf('src/engine', '.ts')
    const specifiers = sources.flatMap(({ path, text }) => [...text.matchAll(/from '(\.[^']+)'/g)].map(([, to = '']) => ({ path, to })))
    const outside = specifiers.filter(({ path, to }) => !join(dirname(path), to).startsWith('src/engine/'))
    expect(outside).toEqual([])
  })
})

describe('a module', () => {
  test('imports the engine and itself, never another module', async () => {
    const sources = (await sourcesOf('src/modules', '.ts')).filter(({ path }) => dirname(path) !== 'src/modules')
    const strangers = sources.flatMap(importsOf).filter(({ from, to }) => {
      const own = from.split('/').slice(0, 3).join('/')
      return !to.startsWith('src/engine/') && !to.startsWith(`${own}/`)
    })
    expect(strangers).toEqual([])
  })
})
