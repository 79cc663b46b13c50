// tsup builds JavaScript alone; this puts the style sheets next to it, each in one file.
import { buildSync } from 'esbuild'

buildSync({
  entryPoints: ['styles.css', 'styles.unlayered.css', 'tokens.css'].map((name) => `src/styles/${name}`),
  bundle: true,
  outdir: 'dist',
  // What the sheets use as it stands: browsers of the last two years.
  target: 'esnext',
})
