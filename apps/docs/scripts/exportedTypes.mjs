import { readFileSync } from 'node:fs'

const ENTRIES = {
  '@org/critical-buttons': 'packages/critical-buttons/api/index',
  '@org/critical-buttons/testing': 'packages/critical-buttons/api/testing',
  '@org/sync-core': 'packages/sync-core/api/index',
  '@org/contracts/client': 'packages/contracts/api/client',
  '@org/api': 'apps/api/api/index',
  '@org/api/idempotency': 'apps/api/api/idempotency',
}

/** What the packages export, from the reports that a release is held to. */
export function exportedTypes() {
  return Object.entries(ENTRIES)
    .map(([name, report]) => `## ${name}\n\n\`\`\`ts\n${declarations(report)}\n\`\`\`\n`)
    .join('\n')
}

/** The report's code without what says only that it is one. */
function declarations(report) {
  const text = readFileSync(new URL(`../../../${report}.api.md`, import.meta.url), 'utf8')
  const [, body] = /```ts\n([\s\S]*?)\n```/.exec(text) ?? []
  if (body === undefined) throw new Error(`${report}.api.md holds no declarations. Write it anew: npm run api-reports.`)
  const lines = body.split('\n').filter((line) => !/^\s*\/\/ (@public|\(undocumented\)|\(No @packageDocumentation)/.test(line))
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
