/** The expected texts that were heard, each after the one before. Equal to `expected` when all were. Pure. */
export function heardInOrder(heard: readonly string[], expected: readonly (string | RegExp)[]): (string | RegExp)[] {
  let from = 0
  return expected.filter((text) => {
    const at = heard.findIndex((said, index) => index >= from && (typeof text === 'string' ? said === text : text.test(said)))
    if (at >= 0) from = at + 1
    return at >= 0
  })
}
