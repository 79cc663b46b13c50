import { focusedElement } from './focusedElement.js'

/** `polite` waits for a pause, `assertive` interrupts. */
export type Politeness = 'polite' | 'assertive'

export interface Announcement {
  text: string
  politeness: Politeness
  /** What it is about. The same text about the same mutation is announced once per document. */
  mutationId?: string | undefined
  /** The element it is about: it may stand in another document, or in a shadow root with a modal of its own. */
  near?: Element | null | undefined
}

/** Says something to people who use a screen reader. */
export type Announce = (announcement: Announcement) => void

// A region that was added a moment ago is not watched yet by screen readers.
const REGION_SETTLES_MS = 150
const TEXT_STAYS_MS = 7_000
const REMEMBERED = 200
const HIDDEN_STYLE =
  'position:absolute;inline-size:1px;block-size:1px;margin:-1px;padding:0;border:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap'
const DIALOGS = 'dialog[open],[role="dialog"],[role="alertdialog"]'
// In `:is`, an engine that does not know `:modal` passes over it instead of throwing.
const OPEN_MODALS = ':is(dialog:modal,[aria-modal="true"]:not(dialog))'

const said: string[] = []

/**
 * Announces in the document's own live regions, or in a region inside the topmost open modal:
 * a region outside of it is silent under a native modal. Does nothing on a server.
 */
export const announceInDocument: Announce = ({ text, politeness, mutationId, near }) => {
  if (typeof document === 'undefined' || text === '') return
  const page = near?.ownerDocument ?? document
  if (mutationId !== undefined && !isNews(`${mutationId} ${text}`)) return
  const region = regionIn(topmostModal(page) ?? page.body, politeness)
  setTimeout(() => {
    const line = page.createElement('div')
    line.textContent = text
    // The modal may have closed meanwhile, and its region with it.
    if (region.isConnected) region.append(line)
    else regionIn(page.body, politeness).append(line)
    setTimeout(() => line.remove(), TEXT_STAYS_MS)
  }, REGION_SETTLES_MS)
}

/** Creates the two empty regions of a page. Idempotent; call it in an effect, before the first announcement is due. */
export function ensureLiveRegions(page = document): void {
  regionIn(page.body, 'polite')
  regionIn(page.body, 'assertive')
}

function isNews(entry: string): boolean {
  if (said.includes(entry)) return false
  said.push(entry)
  if (said.length > REMEMBERED) said.shift()
  return true
}

function regionIn(parent: Element, politeness: Politeness): Element {
  for (const child of parent.children) if (child.getAttribute('data-cb-live') === politeness) return child
  const region = parent.ownerDocument.createElement('div')
  region.setAttribute('role', politeness === 'polite' ? 'status' : 'alert')
  region.setAttribute('aria-live', politeness)
  region.setAttribute('data-cb-live', politeness)
  // Modal libraries hide the rest of the page from screen readers, but spare what carries this.
  region.setAttribute('data-live-announcer', 'true')
  region.style.cssText = HIDDEN_STYLE
  parent.append(region)
  return region
}

// Several libraries make a modal without `aria-modal`, by hiding everything else: where the focus is tells more.
function topmostModal(page: Document): Element | undefined {
  return modalAround(focusedElement(page)) ?? [...page.querySelectorAll(OPEN_MODALS)].at(-1)
}

function modalAround(element: Element | null): Element | undefined {
  if (element === null) return undefined
  const root = element.getRootNode()
  return element.closest(DIALOGS) ?? modalAround('host' in root ? (root as ShadowRoot).host : null)
}
