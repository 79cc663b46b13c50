import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const README = fileURLToPath(new URL('../../../../packages/critical-buttons/README.md', import.meta.url))
const BLOCK = /(<!-- sizes: npm run sizes writes them -->\n)[\s\S]*?(<!-- \/sizes -->)/

/** The table that the README of the package shows. Pure. */
export function readmeTable({ pages, peers, css }) {
  const line = (name, { start, second }) => `| ${name} | ${start.gzip} | ${start.brotli} | ${second.gzip} | ${second.brotli} |`
  return [
    '| kB above React alone | at start, gzip | brotli | within the first second, gzip | brotli |',
    '|---|---|---|---|---|',
    ...Object.entries(pages).map(([name, weight]) => line(`ours: ${name}`, weight)),
    ...Object.entries(peers).map(([name, weight]) => line(name, weight)),
    '',
    `\`styles.css\`: ${css.gzip} kB gzip, ${css.brotli} kB brotli.`,
    '',
  ].join('\n')
}

export function writeReadme(results) {
  writeFileSync(
    README,
    readFileSync(README, 'utf8').replace(BLOCK, (_all, open, close) => `${open}${readmeTable(results)}${close}`),
  )
}

/** Whether the README prints what was measured last. */
export function isInReadme(results) {
  return readFileSync(README, 'utf8').includes(readmeTable(results))
}
