import type { ButtonClassNames } from '../../src/index.js'

/**
 * Class names that count how often they are asked for: each rendering of a button asks once for that of
 * its root. Works in a production build too, where React's Profiler is silent.
 */
export function countRenders(onRender: () => void): ButtonClassNames {
  return {
    get root() {
      onRender()
      return ''
    },
  }
}
