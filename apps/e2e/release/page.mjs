import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './commands.mjs'

const GUIDE = fileURLToPath(new URL('../../docs/guide/', import.meta.url))
/** Not ended by themselves: whoever follows the page starts them apart. */
const SERVERS = /npm start|npm run dev/
const DEMO = 'http://localhost:4300'

/**
 * Follows a page of the guide from an empty folder, block by block: commands are run as they stand, files are written as
 * they stand. Two things are other than printed: our packages come from the registry of `env`, and the demo has the
 * address `api`.
 * @param {string} name of the page, without .md
 * @param {{ folder: string, env: Record<string, string>, api?: string }} where
 * @returns {Promise<string>} the folder of the app
 */
export async function followPage(name, { folder, env, api = DEMO }) {
  mkdirSync(folder, { recursive: true })
  let here = folder
  for (const { language, text } of blocksOf(name)) {
    if (language === 'sh') here = await runAll(text, here, env)
    else writeFileOf(text.replaceAll(DEMO, api), here)
  }
  return here
}

/** The fenced blocks of a page, in order. */
export function blocksOf(name) {
  const page = readFileSync(join(GUIDE, `${name}.md`), 'utf8')
  return [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({ language, text }))
}

async function runAll(commands, folder, env) {
  let here = folder
  for (const line of commands.trim().split('\n')) {
    const [command, ...args] = line.split(' ')
    if (SERVERS.test(line)) continue
    if (command === 'cd') here = join(here, args[0])
    else await run(command, args, { cwd: here, env })
  }
  return here
}

function writeFileOf(text, folder) {
  const file = /^(?:\/\/|\/\*) (\S+\.\w+)/.exec(text)?.[1]
  if (file === undefined) throw new Error(`A sample does not say which file it is:\n${text}`)
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}
