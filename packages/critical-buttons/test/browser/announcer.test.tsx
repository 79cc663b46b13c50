import { afterEach, describe, expect, it, vi } from 'vitest'
import { announceInDocument } from '../../src/announcer/announce.js'

afterEach(() => document.body.replaceChildren())

/** Puts the modal into the page, without the focus in it: where the focus is would tell as well. */
function open(markup: string, show?: 'show' | 'showModal'): Element {
  document.body.innerHTML = markup
  const modal = document.body.firstElementChild as HTMLDialogElement
  if (show) modal[show]()
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  return modal
}

const NATIVE = '<dialog aria-modal="true" role="dialog"><button>Close</button></dialog>'
const OTHER = '<div role="dialog" aria-modal="true"><button>Close</button></div>'

describe('announceInDocument', () => {
  it.each([
    ['a native modal', NATIVE, 'showModal', true],
    ['a modal that is no dialog element', OTHER, undefined, true],
    ['a native dialog that is open and not modal', NATIVE, 'show', false],
    ['a native dialog that is closed', NATIVE, undefined, false],
    ['a dialog without aria-modal', '<div role="dialog"></div>', undefined, false],
  ] as const)('beside %s speaks where it is heard', async (_name, markup, show, inside) => {
    const modal = open(markup, show)
    announceInDocument({ text: 'SMS sent', politeness: 'polite' })
    const line = await vi.waitFor(() => {
      const [found] = [...document.querySelectorAll('[role="status"] div')]
      expect(found).toHaveTextContent('SMS sent')
      return found
    })
    expect(modal.contains(line as Node)).toBe(inside)
  })
})
