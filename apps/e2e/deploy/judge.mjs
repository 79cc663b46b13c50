/**
 * What became of clicks. `failed`: not settled as a success; `lost`: a success without an effect; `doubled`: more than one
 * effect, whatever its ending.
 * @param {readonly import('./People.mjs').Click[]} clicks
 * @param {ReadonlyMap<string, number>} effects by key
 * @returns {{ clicks: number, attempts: number, slowestMs: number, failed: string[], lost: string[], doubled: string[] }} keys of those that are wrong
 */
export function judge(clicks, effects) {
  const times = ({ key }) => effects.get(key) ?? 0
  const keysWhere = (isWrong) =>
    clicks.filter(isWrong).map((click) => `${click.key} (${click.kind}, ${click.ending}, ${click.code}, ${times(click)} effects)`)
  return {
    clicks: clicks.length,
    attempts: clicks.reduce((sum, { attempts }) => sum + attempts.length, 0),
    slowestMs: Math.max(0, ...clicks.map(({ tookMs }) => tookMs)),
    failed: keysWhere(({ ending }) => ending !== 'success'),
    lost: keysWhere((click) => click.ending === 'success' && times(click) === 0),
    doubled: keysWhere((click) => times(click) > 1),
  }
}

/** One line a step. @param {{ name: string, tookMs: number, verdict: ReturnType<typeof judge> }[]} steps */
export function table(steps) {
  const rows = steps.map(({ name, tookMs, verdict: { clicks, attempts, slowestMs, failed, lost, doubled } }) => [
    name,
    seconds(tookMs),
    clicks,
    attempts - clicks,
    seconds(slowestMs),
    failed.length,
    lost.length,
    doubled.length,
  ])
  const all = [['While', 'took', 'clicks', 'sent again', 'slowest', 'failed', 'lost', 'doubled'], ...rows].map((row) => row.map(String))
  const widths = all[0].map((_cell, column) => Math.max(...all.map((row) => row[column].length)))
  return all
    .map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '))
    .join('\n')
}

function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`
}

/** Why the slowest clicks took so long. */
export function slowest(clicks) {
  return clicks
    .toSorted((a, b) => b.tookMs - a.tookMs)
    .slice(0, 10)
    .map(({ key, kind, during, tookMs, attempts }) => [`${seconds(tookMs)}  ${kind} ${key} while ${during}`, ...attempts].join('\n    '))
    .join('\n')
}
