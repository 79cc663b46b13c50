/** What has to be told apart, and how well. */
export interface Pair {
  front: string
  back: string
  /** Contrast at least; undefined where the same is said in text beside it, so that none is required. */
  least: number | undefined
  use: string
}

const TEXT = 4.5
const SIGN = 3
const TONES = ['blue', 'yellow', 'green', 'purple', 'orange', 'red', 'gray'] as const

/** Every pair the style sheets put together. */
export const PAIRS: readonly Pair[] = [
  ...TONES.map((tone) => text(`color-${tone}-fg`, `color-${tone}-bg`, `chips, banners and buttons in ${tone}: text and signs`)),
  ...TONES.map((tone) => text(`color-${tone}-fg`, 'color-surface', `status lines in ${tone}`)),
  text('color-on-accent', 'color-accent', 'the button at rest and while it works'),
  text('color-on-accent', 'color-accent-hover', 'the button under the pointer'),
  text('color-on-accent', 'color-accent-pressed', 'the button when it is pressed'),
  text('color-on-accent', 'color-success', 'the button when it is done'),
  text('color-on-accent', 'color-danger', 'a button that destroys'),
  text('color-on-accent', 'color-danger-hover', 'a button that destroys, under the pointer'),
  text('color-on-accent', 'color-danger-pressed', 'a button that destroys, when it is pressed'),
  text('color-quiet', 'color-surface', 'the quiet button'),
  text('color-quiet', 'color-hover', 'the quiet button under the pointer'),
  text('color-quiet', 'color-pressed', 'the quiet button when it is pressed'),
  text('color-text', 'color-hover', 'the outlined button under the pointer'),
  text('color-text', 'color-pressed', 'the outlined button when it is pressed'),
  { front: '--cb-color-outline', back: '--cb-color-surface', least: SIGN, use: 'the border of the outlined button' },
  text('color-text', 'color-surface', 'dialogs, menus and lists'),
  text('color-text-muted', 'color-surface', 'the small print'),
  { front: '--cb-color-focus', back: '--cb-color-surface', least: SIGN, use: 'the focus ring' },
  { front: '--cb-color-accent', back: '--cb-color-border', least: undefined, use: 'the progress bar; the numbers stand below it' },
  { front: '--cb-color-border', back: '--cb-color-surface', least: undefined, use: 'lines that only divide' },
]

function text(front: string, back: string, use: string): Pair {
  return { front: `--cb-${front}`, back: `--cb-${back}`, least: TEXT, use }
}
