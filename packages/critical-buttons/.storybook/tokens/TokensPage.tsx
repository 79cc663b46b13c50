import { type CSSProperties, useState } from 'react'
import { ContrastTable } from './ContrastTable.js'
import { readTokens, type Token } from './readTokens.js'
import './tokens.css'

const THEMES = ['light', 'dark'] as const
const SECTIONS = [
  ['colour', 'Colours', 'The palette and what each colour is for. A theme usually changes only these.'],
  ['size', 'Sizes', 'Radius, heights, type and shadow.'],
  ['status', 'Per status', 'Not set: each falls back to its status’ tone. Set one to give a single status a colour of its own.'],
  ['inner', 'Set by the components', 'Not for themes: the style sheet sets these from the ones above.'],
] as const

/** Every token in light and dark, and the contrast of every pair, read from the real style sheets. */
export function TokensPage({ theme }: { theme?: CSSProperties }) {
  const [tokens] = useState(readTokens)
  return (
    <div className="tokens">
      {SECTIONS.map(([kind, title, about]) => (
        <section key={kind}>
          <h2>{title}</h2>
          <p>{about}</p>
          <TokenTable tokens={tokens.filter((token) => token.kind === kind)} withSwatches={kind === 'colour'} title={title} />
        </section>
      ))}
      <section>
        <h2>Contrast</h2>
        <p>Measured in this browser. Text needs 4.5 (AA), signs and rings need 3.</p>
        <div className="tokens-themes">
          {THEMES.map((name) => (
            <div key={name} className="tokens-theme" data-cb-theme={name} data-contrast={name} style={theme}>
              <h3>{name}</h3>
              <ContrastTable />
            </div>
          ))}
        </div>
      </section>
    </div>
  )
}

function TokenTable({ tokens, withSwatches, title }: { tokens: readonly Token[]; withSwatches: boolean; title: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="tokens-scroll" tabIndex={0} aria-label={title}>
      <table className="tokens-list">
        <tbody>
          {tokens.map(({ name, value }) => (
            <tr key={name}>
              {withSwatches && (
                <td>
                  {THEMES.map((theme) => (
                    <span
                      key={theme}
                      className="tokens-swatch"
                      data-cb-theme={theme}
                      style={{ background: `var(${name})` }}
                      title={theme}
                    />
                  ))}
                </td>
              )}
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>
                <code>{value || '–'}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
