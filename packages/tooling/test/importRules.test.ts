import { beforeAll, describe, expect, it } from '@jest/globals'
import { type Complaint, complaintsAbout } from './biomeFixture.js'

/** Who may import whom (DESIGN section 1), as imports that must be refused, each in a file of its own. */
const FORBIDDEN: readonly [path: string, specifier: string][] = [
  ['packages/contracts/src/a.ts', '@org/sync-core'],
  ['packages/contracts/src/b.ts', 'zod'],
  ['packages/contracts/src/e.ts', 'zod/mini'],
  ['packages/contracts/src/f.ts', 'zod/v4/core'],
  ['packages/contracts/src/c.ts', 'node:crypto'],
  ['packages/contracts/src/d.ts', 'react'],
  ['packages/sync-core/src/queue/a.ts', 'idb-keyval'],
  ['packages/sync-core/src/queue/b.ts', '@supabase/supabase-js'],
  ['packages/sync-core/src/queue/c.ts', 'react'],
  ['packages/sync-core/src/queue/d.ts', '@org/critical-buttons'],
  ['packages/sync-core/src/queue/e.ts', 'zod'],
  ['packages/sync-core/src/queue/f.ts', 'zod/mini'],
  ['packages/sync-core/src/queue/g.ts', '@org/contracts'],
  ['packages/sync-core/src/queue/h.ts', '@org/contracts/openapi'],
  ['packages/sync-core/src/adapters/a.ts', '@org/critical-buttons'],
  ['packages/sync-core/src/adapters/b.ts', '@org/api'],
  ['packages/sync-core/src/adapters/c.ts', 'zod/mini'],
  ['packages/sync-core/src/adapters/d.ts', '@org/contracts'],
  ['packages/critical-buttons/src/a.tsx', '@org/api'],
  ['packages/critical-buttons/src/b.tsx', 'idb-keyval'],
  ['packages/critical-buttons/src/c.tsx', '@org/stand-ins'],
  ['packages/critical-buttons/src/d.tsx', 'zod/mini'],
  ['packages/critical-buttons/src/e.tsx', '@org/contracts'],
  ['packages/critical-buttons/src/f.tsx', '@org/contracts/openapi'],
  ['packages/stand-ins/src/a.ts', '@org/api'],
  ['packages/stand-ins/src/b.ts', '@org/sync-core'],
  ['apps/api/src/a.ts', '@org/stand-ins'],
  ['apps/api/src/b.ts', '@org/sync-core'],
  ['apps/api/src/engine/ledger/a.ts', 'express'],
  ['apps/api/src/engine/ledger/b.ts', 'redis'],
  ['apps/api/src/engine/ledger/c.ts', 'twilio'],
  ['apps/dashboard/src/a.tsx', '@org/api'],
  ['apps/dashboard/src/b.tsx', '@org/stand-ins'],
  ['apps/dashboard/src/c.tsx', '@org/sync-core'],
  ['apps/dashboard/src/d.tsx', '@org/critical-buttons/dist/index.js'],
  ['apps/demo/src/a.ts', '@org/api/dist/engine/migrations/migrate.js'],
  ['apps/demo/src/b.ts', '@org/critical-buttons'],
  ['apps/e2e/journeys/a.ts', '@org/api'],
  ['apps/e2e/journeys/b.ts', '@org/sync-core'],
]

const ALLOWED: readonly [path: string, specifier: string][] = [
  ['packages/contracts/src/y.ts', '#z'],
  ['packages/sync-core/src/queue/y.ts', '@org/contracts/client'],
  ['packages/sync-core/src/adapters/z.ts', '@org/contracts/client'],
  ['packages/sync-core/src/adapters/y.ts', 'idb-keyval'],
  ['packages/critical-buttons/src/y.tsx', '@org/sync-core'],
  ['apps/api/src/engine/ledger/y.ts', '@org/contracts'],
  ['packages/critical-buttons/src/z.tsx', '@org/contracts/client'],
  ['apps/dashboard/src/y.tsx', '@org/critical-buttons'],
  ['apps/dashboard/src/z.tsx', '@org/critical-buttons/styles.css'],
  ['apps/demo/src/y.ts', '@org/api'],
  ['apps/e2e/journeys/y.ts', '@playwright/test'],
]

const CYCLE = {
  'packages/sync-core/src/cycle/first.ts': "import { second } from './second.js'\n\nexport const first = () => second\n",
  'packages/sync-core/src/cycle/second.ts': "import { first } from './first.js'\n\nexport const second = () => first\n",
}

describe('the import rules of .biome.json', () => {
  let complaints: Complaint[]

  beforeAll(async () => {
    const imports = [...FORBIDDEN, ...ALLOWED].map(([path, specifier]) => [path, `import '${specifier}'\n`])
    complaints = await complaintsAbout({ ...Object.fromEntries(imports), ...CYCLE })
  })

  it.each(FORBIDDEN)('refuse in %s an import of %s', (path) => {
    expect(complaints).toContainEqual({ path, rule: 'lint/style/noRestrictedImports' })
  })

  it.each(ALLOWED)('allow in %s an import of %s', (path) => {
    expect(complaints.filter((complaint) => complaint.path === path)).toEqual([])
  })

  it('refuse an import cycle', () => {
    const cyclic = complaints.filter((complaint) => complaint.rule === 'lint/suspicious/noImportCycles').map(({ path }) => path)
    expect(cyclic.sort()).toEqual(Object.keys(CYCLE))
  })
})
