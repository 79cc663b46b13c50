const NAME = 'state-pictures'

/**
 * Defines `<state-pictures of="…">`: the real component in its states, drawn by a client that sends nothing. A
 * picture, though a sharp one in the reader's colours: nothing in it takes a click or the focus, and
 * `aria-label` says what is to be seen.
 */
export function defineStatePictures(): void {
  if (customElements.get(NAME) === undefined) customElements.define(NAME, StatePictures)
}

class StatePictures extends HTMLElement {
  #erase = () => {}

  async connectedCallback(): Promise<void> {
    const { drawStates } = await import('./drawStates.js')
    if (!this.isConnected) return
    const canvas = document.createElement('div')
    canvas.inert = true
    this.replaceChildren(canvas)
    this.setAttribute('role', 'img')
    this.#erase = drawStates(canvas, this.getAttribute('of') ?? '')
  }

  disconnectedCallback(): void {
    this.#erase()
    this.#erase = () => {}
  }
}
