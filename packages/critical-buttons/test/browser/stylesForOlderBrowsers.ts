import { fileURLToPath } from 'node:url'
import { build } from 'vite'

declare module 'vitest/browser' {
  interface BrowserCommands {
    stylesForOlderBrowsers: () => ReturnType<typeof stylesForOlderBrowsers>
    stylesOfDefaultBuild: () => ReturnType<typeof stylesOfDefaultBuild>
  }
}

const SHEET = fileURLToPath(new URL('../../src/styles/styles.css', import.meta.url))
/** The last ones that do not know `light-dark()`, and within what Vite builds for when nobody asks for anything. */
const OLDER = ['chrome111', 'firefox114', 'safari16.4']

/** Our style sheet as a host's build rewrites it for older browsers. Runs in Node, called by a test in the browser. */
export function stylesForOlderBrowsers(): Promise<string> {
  return built({ cssTarget: OLDER })
}

/** The same from a host's production build that is told nothing. */
export function stylesOfDefaultBuild(): Promise<string> {
  return built({})
}

async function built(options: { cssTarget?: string[] }): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, ...options, rolldownOptions: { input: SHEET } },
  })
  const files = [built].flat().flatMap((result) => ('output' in result ? result.output : []))
  const sheet = files.find(({ fileName }) => fileName.endsWith('.css'))
  if (sheet?.type !== 'asset') throw new Error('stylesForOlderBrowsers: the build made no style sheet')
  return String(sheet.source)
}
