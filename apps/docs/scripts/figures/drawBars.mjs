import { drawing, readable, round, text } from './svg.mjs'

const WIDTH = 680
const NAMES = 265
const ROW = 26
const BAR = 16
const VALUE = 70

/**
 * Bars beside each other's names, from 0; ours in the page's colour.
 * @param {{ title: string, unit: string, rows: { name: string, value: number, ours: boolean }[], mark?: { at: number, name: string } }} chart
 *   `mark`: a value that others are compared with
 */
export function drawBars({ title, unit, rows, mark }) {
  const most = Math.max(...rows.map(({ value }) => value), mark?.at ?? 0)
  const scale = (value) => (value / most) * (WIDTH - NAMES - VALUE)
  const top = mark ? 22 : 4
  const height = top + rows.length * ROW + 4
  const label = `${title}, ${unit}: ${rows.map(({ name, value }) => `${name} ${readable(value)}`).join('; ')}`
  return drawing({ width: WIDTH, height, label }, [
    ...rows.flatMap(({ name, value, ours }, index) => {
      const y = top + index * ROW
      return [
        text({ x: NAMES - 10, y: y + BAR - 2, anchor: 'end', kind: ours ? 'label ours' : 'label' }, name),
        `<rect x="${NAMES}" y="${y + 1}" width="${round(Math.max(scale(value), 1))}" height="${BAR}" rx="2" class="${ours ? 'ours' : 'peer'}"/>`,
        text({ x: NAMES + afterMark(scale(value), mark && scale(mark.at)) + 6, y: y + BAR - 2, kind: 'value' }, readable(value)),
      ]
    }),
    mark && `<line x1="${round(NAMES + scale(mark.at))}" x2="${round(NAMES + scale(mark.at))}" y1="16" y2="${height}" class="mark"/>`,
    mark && text({ x: NAMES + scale(mark.at), y: 11, anchor: 'middle', kind: 'value' }, mark.name),
  ])
}

/** Where a bar's figure begins: not on the line that others are compared with. */
function afterMark(end, mark) {
  return mark !== undefined && end <= mark && mark - end < 40 ? mark : end
}
