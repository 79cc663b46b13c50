import preset from '@org/tooling/tsup'

const browserOnly = ['src/client.ts', 'src/parser/**']
const serverOnly = ['src/index.ts', 'src/openapi.ts', 'src/openapi/**', 'src/testing/**']
const without = (globs) => globs.map((glob) => `!${glob}`)

export default [
  { ...preset, entry: [...preset.entry, ...without(browserOnly)], clean: false },
  { ...preset, entry: [...preset.entry, ...without(serverOnly)], outDir: 'dist/client', clean: false },
]
