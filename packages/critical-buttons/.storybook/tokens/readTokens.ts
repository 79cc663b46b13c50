/** A custom property of the style sheets. */
export interface Token {
  name: string
  /** As it stands on the root; empty where only a theme sets it. */
  value: string
  kind: 'colour' | 'size' | 'status' | 'inner'
}

const NAME = /--cb-[a-z0-9-]+/g
const INNER = /^--cb-(tone|chip|ink|icon)/

/** Every `--cb-*` token that the page's style sheets declare or ask for. Browser only. */
export function readTokens(): Token[] {
  const names = new Set<string>()
  for (const sheet of document.styleSheets)
    for (const rule of rulesOf(sheet)) for (const [name] of rule.cssText.matchAll(NAME)) names.add(name)
  const root = getComputedStyle(document.documentElement)
  return [...names].sort().map((name) => {
    const value = root.getPropertyValue(name).trim()
    return { name, value, kind: kindOf(name) }
  })
}

function kindOf(name: string): Token['kind'] {
  if (name.startsWith('--cb-color-')) return 'colour'
  if (name.startsWith('--cb-status-')) return 'status'
  return INNER.test(name) ? 'inner' : 'size'
}

function rulesOf(sheet: CSSStyleSheet): CSSRule[] {
  try {
    return [...sheet.cssRules]
  } catch {
    // A sheet of another origin cannot be read, and holds no token of ours.
    return []
  }
}
