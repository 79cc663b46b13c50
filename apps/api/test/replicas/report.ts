import { appendFile, mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const RESULTS = fileURLToPath(new URL('../../.results/', import.meta.url))

/** One line of figures, kept beside the results of the run: `.results/<name>.jsonl`. */
export async function report(name: string, figures: object): Promise<void> {
  await mkdir(RESULTS, { recursive: true })
  await appendFile(`${RESULTS}${name}.jsonl`, `${JSON.stringify({ at: new Date(), ...figures })}\n`)
}
