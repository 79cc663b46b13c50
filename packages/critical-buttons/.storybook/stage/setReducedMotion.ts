const REDUCE = '(prefers-reduced-motion: reduce)'
const FULL = '(prefers-reduced-motion: no-preference)'

/** Makes the style sheets behave as if the system asked for reduced motion. A page cannot change the system's wish. */
export function setReducedMotion(reduced: boolean): void {
  for (const sheet of document.styleSheets) {
    try {
      visit(sheet.cssRules, reduced)
    } catch {
      // A sheet of another origin cannot be read, and is none of ours.
    }
  }
}

const originals = new WeakMap<CSSMediaRule, string>()

function visit(rules: CSSRuleList, reduced: boolean): void {
  for (const rule of rules) {
    if (rule instanceof CSSMediaRule) switchRule(rule, reduced)
    else if (rule instanceof CSSGroupingRule) visit(rule.cssRules, reduced)
  }
}

function switchRule(rule: CSSMediaRule, reduced: boolean): void {
  const original = originals.get(rule) ?? rule.media.mediaText
  if (original !== REDUCE && original !== FULL) return
  originals.set(rule, original)
  if (reduced) rule.media.mediaText = original === REDUCE ? 'all' : 'not all'
  else rule.media.mediaText = original
}
