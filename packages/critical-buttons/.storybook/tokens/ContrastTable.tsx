import { useLayoutEffect, useRef, useState } from 'react'
import { contrastRatio } from './contrast.js'
import { PAIRS, type Pair } from './pairs.js'
import { resolveColour } from './resolveColour.js'

interface Measured extends Pair {
  ratio: number
}

/** Every pair of colours with its contrast, measured where it stands: change a token and look. */
export function ContrastTable() {
  const ref = useRef<HTMLTableElement>(null)
  const [measured, setMeasured] = useState<readonly Measured[]>([])
  useLayoutEffect(() => {
    const table = ref.current
    if (table === null) return
    setMeasured(PAIRS.map((pair) => ({ ...pair, ratio: contrastRatio(resolveColour(table, pair.front), resolveColour(table, pair.back)) })))
  }, [])
  return (
    <table ref={ref} className="tokens-pairs">
      <thead>
        <tr>
          <th scope="col">Sample</th>
          <th scope="col">Used for</th>
          <th scope="col">Contrast</th>
        </tr>
      </thead>
      <tbody>
        {measured.map((pair) => (
          <tr key={`${pair.front} ${pair.back}`} data-verdict={verdictOf(pair)}>
            <td>
              <Sample {...pair} />
            </td>
            <td>
              {pair.use}
              <code>
                {shortName(pair.front)} on {shortName(pair.back)}
              </code>
            </td>
            <td>
              <strong>{pair.ratio.toFixed(2)}</strong> {verdictText(pair)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

// Lines and rings are shown as what they are; letters would be measured by their own rule.
function Sample({ front, back, least }: Pair) {
  if (least === 4.5) {
    return (
      <span className="tokens-sample" style={{ color: `var(${front})`, background: `var(${back})` }}>
        Aa 123
      </span>
    )
  }
  return (
    <span className="tokens-sample" style={{ background: `var(${back})` }}>
      <span className="tokens-line" style={{ background: `var(${front})` }} />
    </span>
  )
}

function verdictOf({ ratio, least }: Measured): 'pass' | 'fail' | 'free' {
  if (least === undefined) return 'free'
  return ratio >= least ? 'pass' : 'fail'
}

function verdictText(pair: Measured): string {
  return { pass: `passes ${pair.least}`, fail: `fails ${pair.least}`, free: 'none required' }[verdictOf(pair)]
}

function shortName(token: string): string {
  return token.replace('--cb-color-', '')
}
