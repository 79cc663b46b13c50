import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url))
const DOCS = join(PACKAGE, '.storybook/docs')
/** Inside this package, so that the samples find what they import. */
export const SAMPLES = join(PACKAGE, '.results/samples')

/** A fenced block of TypeScript. Its first line may name the file: `// BookingCard.test.tsx`. */
export interface Sample {
  page: string
  file: string
  text: string
}

/** The samples of the README and of every docs page, in order. */
export function readSamples(): Sample[] {
  const pages = readdirSync(DOCS).filter((name) => name.endsWith('.mdx'))
  return [join(PACKAGE, 'README.md'), ...pages.map((name) => join(DOCS, name))].flatMap(samplesOf)
}

function samplesOf(path: string): Sample[] {
  const page = path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.\w+$/, '')
    .replaceAll(' ', '-')
  const blocks = [...readFileSync(path, 'utf8').matchAll(/^```(tsx?)\n([\s\S]*?)^```$/gm)]
  return blocks.map(([, language = '', text = ''], index) => ({
    page,
    file: `${page}/${/^\/\/ (\S+\.tsx?)\n/.exec(text)?.[1] ?? `sample${index}.${language}`}`,
    text,
  }))
}

/** Lays the samples out as files, with what a team's own project would bring. */
export function writeSamples(samples: readonly Sample[]): void {
  rmSync(SAMPLES, { recursive: true, force: true })
  for (const { page, file, text } of samples) {
    mkdirSync(join(SAMPLES, page), { recursive: true })
    // Without an import or export a file is no module, and its names would be everybody's.
    writeFileSync(join(SAMPLES, file), /^(import|export) /m.test(text) ? text : `${text}\nexport {}\n`)
  }
  writeFileSync(join(SAMPLES, 'bundler.d.ts'), "declare module '*.css'\n")
  const compilerOptions = { noUnusedLocals: false }
  writeFileSync(join(SAMPLES, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', compilerOptions, include: ['.'] }))
}
