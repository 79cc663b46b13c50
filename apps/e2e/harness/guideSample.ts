import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { build } from 'esbuild'

const PATTERNS = new URL('../guide/patterns.md', import.meta.url)
const PACKAGE = fileURLToPath(new URL('..', import.meta.url))

// What a page around the samples has in scope; they import our own names alone.
const AROUND = `
  import { useEffect, useState } from 'react'
  import { createRoot } from 'react-dom/client'
  import * as CriticalButtons from '@org/critical-buttons'
  const told = []
  Object.assign(window, { told, statuses: [] })
  const toast = { success: (text) => told.push(text), error: (text) => told.push(text) }
`

interface SampleOnPage {
  /** Of the demo. */
  url: string
  /** What the sample exports. */
  name: string
  /** JSX attributes, as the sample's host would write them. */
  props?: string
  /** JSX of what else is on the page; our names are in `CriticalButtons`. */
  beside?: string
}

/**
 * Shows a component of the guide's patterns on a page of the demo's own origin, as the guide prints it. Three
 * things are rewritten: where our names are imported from, a `require` inside a component, which no browser
 * has, and the names a sample leaves to its host.
 */
export async function showSample(page: Page, { url, name, props = '', beside = '' }: SampleOnPage): Promise<void> {
  const script = await bundle(`${AROUND}${await sampleOf(name)}
    createRoot(document.getElementById('root')).render(<><${name} ${props} />${beside}</>)`)
  await page.route(`${url}/guide`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><title>Guide</title><div id="root"></div><script src="/guide.js"></script>',
    }),
  )
  await page.route(`${url}/guide.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: script }))
  await page.goto(`${url}/guide`)
}

/** The fenced sample that exports `name`, its imports rewritten. */
async function sampleOf(name: string): Promise<string> {
  const samples = [...(await readFile(PATTERNS, 'utf8')).matchAll(/^```typescript\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)
  const sample = samples.find((code) => code.includes(`export function ${name}(`))
  if (sample === undefined) throw new Error(`The guide has no sample that exports ${name}.`)
  const required = /^ *const (\{.*\}) = require\('@\/[^']+'\);\n/m
  const hoisted = required.exec(sample)?.[1] ?? buttonsIn(sample)
  return `import ${hoisted} from '@org/critical-buttons'\n${sample.replace(required, '').replace(/'@\/[^']+'/, "'@org/critical-buttons'")}`
}

/** The buttons a sample uses without saying where they are from, as an import clause. */
function buttonsIn(sample: string): string {
  return `{ ${[...new Set([...sample.matchAll(/<(\w+Button)/g)].map(([, button]) => button))].join(', ')} }`
}

async function bundle(contents: string): Promise<string> {
  const built = await build({
    stdin: { contents, loader: 'tsx', resolveDir: PACKAGE },
    bundle: true,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
    logLevel: 'error',
  })
  return built.outputFiles[0]?.text ?? ''
}
