// tsup builds JavaScript alone; this puts the style sheets next to it, each in one file.
import { readFileSync, writeFileSync } from 'node:fs'
import { buildSync } from 'esbuild'

buildSync({
  entryPoints: ['styles.unlayered.css', 'tokens.css', 'inspector.css'].map((name) => `src/styles/${name}`),
  bundle: true,
  minify: true,
  outdir: 'dist',
  // What the sheets use as it stands: browsers of the last two years.
  target: 'esnext',
})

// Blanks that esbuild leaves; no drawing has one in such a place, and an empty property keeps its own.
for (const name of ['styles.unlayered.css', 'tokens.css']) {
  const css = readFileSync(`dist/${name}`, 'utf8')
  writeFileSync(`dist/${name}`, css.replace(/(--[\w-]+:|,) (?=[^\s}])/g, '$1'))
}

// The same as src/styles/styles.css, but as one block: bundling would repeat the layer for each part.
const [order] = readFileSync('src/styles/styles.css', 'utf8').match(/@layer [^;]+;/)
const rules = readFileSync('dist/styles.unlayered.css', 'utf8')
writeFileSync('dist/styles.css', `${order}@layer components.critical-buttons{${rules.trim()}}\n`)
