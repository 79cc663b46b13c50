/**
 * The figures as one Markdown table.
 * @param {import('./figures.mjs').Figure[]} figures
 * @param {{ name: string, reason: string }[]} notRun
 * @param {string} machine
 */
export function markdown(figures, notRun, machine) {
  const rows = figures.map(
    ({ area, figure, value, target, reached }) => `| ${area} | ${figure} | ${value} | ${target} | ${reached ? 'yes' : '**no**'} |`,
  )
  const missed = notRun.map(({ name, reason }) => `- ${name} was not measured: ${reason}`)
  const reached = figures.filter((figure) => figure.reached).length
  return [
    '# Measured beside peers',
    '',
    `${reached} of ${figures.length} targets reached. Ratios come from one run on one machine (${machine}), contestants in turns; rerun with \`npm run bench\`.`,
    '',
    '| Area | Figure | Measured | Target | Reached |',
    '|---|---|---|---|---|',
    ...rows,
    ...(missed.length > 0 ? ['', ...missed] : []),
    '',
  ].join('\n')
}
