/** Text and attributes as they may stand in a drawing. */
export const escaped = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/**
 * One drawing, in colours of the page it stands in: light or dark (`site.css`). `label` says in words what is on it.
 * No blank line and no indentation: Markdown would end the drawing there.
 */
export function drawing({ width, height, label }, parts) {
  return [
    `<svg class="figure" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">`,
    ...parts.filter(Boolean),
    '</svg>',
  ].join('\n')
}

/** @param {{ x: number, y: number, kind?: string, anchor?: 'start' | 'middle' | 'end' }} place */
export function text({ x, y, kind = 'label', anchor = 'start' }, words) {
  return `<text x="${round(x)}" y="${round(y)}" class="${kind}" text-anchor="${anchor}">${escaped(words)}</text>`
}

export const round = (value) => Math.round(value * 10) / 10

/** A figure as people read it: three digits. */
export function readable(value) {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
  return Number(value.toFixed(digits)).toLocaleString('en')
}
