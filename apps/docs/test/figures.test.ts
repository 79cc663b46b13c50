import { describe, expect, it } from '@jest/globals'
import { charts } from '../scripts/figures/charts.mjs'
import { drawBars } from '../scripts/figures/drawBars.mjs'
import { drawLines } from '../scripts/figures/drawLines.mjs'

const drawn: { title: string; says: string; svg: string }[] = charts()

describe('the drawings of what was measured', () => {
  it.each(drawn.map((chart) => [chart.title, chart] as const))(
    '%s: ours beside others, in words too, and inside its frame',
    (_title, { svg, says }) => {
      expect(says.length).toBeGreaterThan(20)
      expect(svg).toMatch(/^<svg class="figure" viewBox="0 0 \d+ \d+" role="img" aria-label="[^"]{40,}">\n/)
      expect(svg).toMatch(/class="(line )?ours"/)
      expect(svg).toMatch(/class="(line )?peer"/)
      expect(svg).not.toMatch(/NaN|undefined|Infinity|\n\s|\n\n/)
      const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number)
      const numbersOf = (names: string) => [...svg.matchAll(new RegExp(`\\b(?:${names})="([^"]+)"`, 'g'))].map(([, value]) => Number(value))
      for (const x of numbersOf('x|x1|x2|cx')) expect(x).toBeLessThanOrEqual(width)
      for (const y of numbersOf('y|y1|y2|cy')) expect(y).toBeLessThanOrEqual(height)
    },
  )

  it('a bar is as long as its value, from nothing', () => {
    const svg = drawBars({ title: 't', unit: 'u', rows: [1, 2, 4].map((value) => ({ name: 'n', value, ours: false })) })
    const lengths = [...svg.matchAll(/<rect [^>]*\bwidth="([\d.]+)"/g)].map(([, length]) => Number(length))
    expect(lengths.map((length) => Math.round((length / (lengths[0] ?? 1)) * 50) / 50)).toEqual([1, 2, 4])
  })

  it('a line climbs one for one with what grows as size does, and names do not lie on each other', () => {
    const line = (name: string, factor: number) => ({
      name,
      ours: false,
      points: [10, 100].map((size): [number, number] => [size, size * factor]),
    })
    const svg: string = drawLines({ title: 't', x: 'x', y: 'y', lines: [line('a', 1), line('b', 1.01)] })
    const names = [...svg.matchAll(/y="([\d.]+)" class="label" text-anchor="start">[ab]/g)].map(([, y]) => Number(y))
    expect(names).toHaveLength(2)
    expect(Math.abs((names[0] ?? 0) - (names[1] ?? 0))).toBeGreaterThanOrEqual(16)
  })
})
