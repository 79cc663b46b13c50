import { drawing, readable, round, text } from './svg.mjs'

const WIDTH = 680
const HEIGHT = 280
const FIELD = { left: 70, right: 450, top: 26, bottom: 246 }
const LEAST_GAP = 17

/**
 * How a cost grows with size, both by powers of ten: what grows as size does is a line that climbs one for one.
 * @param {{ title: string, x: string, y: string, lines: { name: string, ours: boolean, points: [size: number, value: number][] }[] }} chart
 */
export function drawLines({ title, x, y, lines }) {
  const sizes = [...new Set(lines.flatMap(({ points }) => points.map(([size]) => size)))].sort((a, b) => a - b)
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value))
  const across = scaleOf(sizes, FIELD.left + 20, FIELD.right - 20)
  const up = scaleOf(
    [...values, 10 ** Math.floor(Math.log10(Math.min(...values))), 10 ** Math.ceil(Math.log10(Math.max(...values)))],
    FIELD.bottom,
    FIELD.top,
  )
  const said = lines.map(
    ({ name, points }) => `${name} ${points.map(([size, value]) => `${readable(value)} at ${size.toLocaleString('en')}`).join(', ')}`,
  )
  return drawing({ width: WIDTH, height: HEIGHT, label: `${title}, ${y} by ${x}: ${said.join('; ')}` }, [
    ...powersOfTen(values).flatMap((value) => [
      `<line x1="${FIELD.left}" x2="${FIELD.right}" y1="${round(up(value))}" y2="${round(up(value))}" class="grid"/>`,
      text({ x: FIELD.left - 8, y: up(value) + 4, anchor: 'end', kind: 'value' }, readable(value)),
    ]),
    ...sizes.map((size) => text({ x: across(size), y: FIELD.bottom + 18, anchor: 'middle', kind: 'value' }, size.toLocaleString('en'))),
    text({ x: (FIELD.left + FIELD.right) / 2, y: HEIGHT - 2, anchor: 'middle', kind: 'value' }, x),
    text({ x: FIELD.left, y: 12, kind: 'value' }, y),
    // Ours lies on top of what it is compared with.
    ...lines
      .toSorted((a, b) => Number(a.ours) - Number(b.ours))
      .map(({ points, ours }) => {
        const path = points.map(([size, value], index) => `${index === 0 ? 'M' : 'L'}${round(across(size))} ${round(up(value))}`).join(' ')
        return `<path d="${path}" class="line ${ours ? 'ours' : 'peer'}"/>${points.map(([size, value]) => `<circle cx="${round(across(size))}" cy="${round(up(value))}" r="3.5" class="${ours ? 'ours' : 'peer'}"/>`).join('')}`
      }),
    ...apart(lines.map((line) => ({ ...line, at: up(line.points.at(-1)[1]) }))).map(({ name, ours, at, points }) =>
      text({ x: FIELD.right - 8, y: at + 4, kind: ours ? 'label ours' : 'label' }, `${name}: ${readable(points.at(-1)[1])}`),
    ),
  ])
}

function scaleOf(values, from, to) {
  const [least, most] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))]
  return (value) => from + ((Math.log10(value) - least) / (most - least || 1)) * (to - from)
}

function powersOfTen(values) {
  const first = Math.floor(Math.log10(Math.min(...values)))
  const last = Math.ceil(Math.log10(Math.max(...values)))
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index))
}

/** Names at the lines' ends, moved so far that none lies on another. */
function apart(names) {
  const sorted = names.toSorted((a, b) => a.at - b.at)
  for (let index = 1; index < sorted.length; index += 1) sorted[index].at = Math.max(sorted[index].at, sorted[index - 1].at + LEAST_GAP)
  return sorted
}
