import type { TabMemory } from '../ports/TabMemory.js'

/** The browser's sessionStorage; where there is none, or it is forbidden, nothing is kept for the tab. */
export const sessionTabMemory: TabMemory = {
  read: (key) => {
    try {
      return sessionStorage.getItem(key)
    } catch {
      return null
    }
  },
  write: (key, value) => {
    try {
      if (value === null) sessionStorage.removeItem(key)
      else sessionStorage.setItem(key, value)
    } catch {
      // Forbidden or full: the origin's memory serves this tab as well.
    }
  },
}
