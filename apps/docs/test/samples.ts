import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Inside this package, so that the samples find the packages they import. */
export const SAMPLES = fileURLToPath(new URL('../.results/samples', import.meta.url))
export const README = fileURLToPath(new URL('../../../README.md', import.meta.url))
const SITE = fileURLToPath(new URL('..', import.meta.url))
const CHAPTERS = ['guide', 'backend']
/** Pages with tools of their own, which the release check installs: it follows them from an empty folder. */
const FOLLOWED = ['start-vite.md', 'start-next.md', 'start-react-router.md', 'testing.md', 'own-button.md']

/** A fenced block of a page. Its first line may name the file: `// web/Button.tsx`. */
export interface Sample {
  language: string
  file: string
  text: string
}

/** The pages whose samples are tried here: the README and the pages of the guide. */
export async function pages(): Promise<string[]> {
  const listed = CHAPTERS.map(async (chapter) =>
    (await readdir(join(SITE, chapter)))
      .filter((file) => file.endsWith('.md') && !FOLLOWED.includes(file))
      .map((file) => join(SITE, chapter, file)),
  )
  return [README, ...(await Promise.all(listed)).flat()]
}

/** The fenced blocks of a page, in order. */
export async function readSamples(page: string): Promise<Sample[]> {
  const text = await readFile(page, 'utf8')
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match, index) => {
    const [, language = '', code = ''] = match
    return { language, file: /^\/\/ (\S+\.tsx?)\n/.exec(code)?.[1] ?? `sample${index}.${language}`, text: code }
  })
}

/** Lays the TypeScript samples of the pages out as the files they name, a folder for each page. */
export async function writeSamples(): Promise<void> {
  await rm(SAMPLES, { recursive: true, force: true })
  for (const page of await pages()) {
    for (const { language, file, text } of await readSamples(page)) {
      if (!language.startsWith('ts')) continue
      const path = join(folderOf(page), file)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
    }
  }
  // What every bundler's types say about style sheets.
  await writeFile(join(SAMPLES, 'bundler.d.ts'), "declare module '*.css'\n")
  await writeFile(
    join(SAMPLES, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.json', compilerOptions: { customConditions: null }, include: ['.'] }),
  )
}

/** Where the samples of a page lie. */
export function folderOf(page: string): string {
  return join(SAMPLES, basename(page, '.md'))
}
