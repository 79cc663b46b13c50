import { readFileSync } from 'node:fs'
import { charts } from './charts.mjs'

/** The drawings with what they say, and the whole table below them, as Markdown. */
export function figurePage() {
  const drawn = charts().map(({ title, says, svg }) => `## ${title}\n\n${says}.\n\n<figure>\n${svg}\n</figure>\n`)
  const summary = readFileSync(new URL('../../../bench/results/summary.md', import.meta.url), 'utf8').replace(/^# .*\n\n/, '')
  return `${drawn.join('\n')}\n## All of them\n\n${summary}`
}
