import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const README = new URL('../../../README.md', import.meta.url)
/** Inside this package, so that the samples find the packages they import. */
export const SAMPLES = fileURLToPath(new URL('../.results/samples', import.meta.url))

/** A fenced block of the README. Its first line may name the file: `// web/Button.tsx`. */
export interface Sample {
  language: string
  file: string
  text: string
}

/** The fenced blocks of the README, in order. */
export async function readSamples(): Promise<Sample[]> {
  const text = await readFile(README, 'utf8')
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match, index) => {
    const [, language = '', code = ''] = match
    return { language, file: /^\/\/ (\S+\.tsx?)\n/.exec(code)?.[1] ?? `sample${index}.${language}`, text: code }
  })
}

/** Lays the TypeScript samples out as the files they name. */
export async function writeSamples(samples: readonly Sample[]): Promise<void> {
  await rm(SAMPLES, { recursive: true, force: true })
  for (const { file, text } of samples) {
    await mkdir(dirname(join(SAMPLES, file)), { recursive: true })
    await writeFile(join(SAMPLES, file), text)
  }
  // What every bundler's types say about style sheets.
  await writeFile(join(SAMPLES, 'bundler.d.ts'), "declare module '*.css'\n")
  await writeFile(join(SAMPLES, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', include: ['.'] }))
}
