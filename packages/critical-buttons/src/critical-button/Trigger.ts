import type { Ref } from 'react'
import { attachRef } from './attachRef.js'

/**
 * The element that is clicked, whoever renders it: holds it as a ref does, hands it on to the host's own ref, hears the
 * submission of its form, and keeps its width from the click to the end of what is shown about it.
 */
export class Trigger {
  current: HTMLButtonElement | null = null
  /** Called with the form of a `type="submit"` when it is sent, by whatever means. Set anew after each rendering. */
  onSubmit: (form: HTMLFormElement) => void = () => {}
  #host: Ref<HTMLButtonElement> | undefined
  #merged: ((node: HTMLButtonElement | null) => void) | undefined
  #leave: (() => void)[] = []
  #release: (() => void) | undefined

  /** One ref for this and the host's; the same one for as long as the host's is. */
  refFor(host: Ref<HTMLButtonElement> | undefined): (node: HTMLButtonElement | null) => void {
    if (this.#merged === undefined || host !== this.#host) {
      this.#host = host
      this.#merged = (node) => this.#attach(node, host)
    }
    return this.#merged
  }

  /** What stands beside it stays where it is, whatever label and sign come; until the page gets another width. */
  holdWidth(): void {
    const button = this.current
    if (button === null || this.#release !== undefined || button.style.minInlineSize !== '') return
    const view = button.ownerDocument.defaultView
    const room = button.closest('[data-part="root"]')?.parentElement ?? button.parentElement
    const width = button.offsetWidth
    const release = () => this.releaseWidth()
    const narrowed = view?.ResizeObserver && new view.ResizeObserver(() => room && room.clientWidth < width && release())
    // To a fraction of a pixel, or the columns of a table would move by it.
    button.style.minInlineSize = view?.getComputedStyle(button).inlineSize ?? ''
    view?.addEventListener('resize', release)
    if (room) narrowed?.observe(room)
    this.#release = () => {
      button.style.minInlineSize = ''
      view?.removeEventListener('resize', release)
      narrowed?.disconnect()
    }
  }

  releaseWidth(): void {
    this.#release?.()
    this.#release = undefined
  }

  #attach(node: HTMLButtonElement | null, host: Ref<HTMLButtonElement> | undefined): void {
    for (const leave of this.#leave.splice(0)) leave()
    this.current = node
    if (node === null) {
      this.releaseWidth()
      return
    }
    if (node.type === 'submit' && node.form) this.#leave.push(this.#hearSubmit(node, node.form))
    this.#leave.push(attachRef(host, node))
  }

  // Also when it was not clicked: Enter in a field and `requestSubmit()` send a form too, and a real double click twice.
  #hearSubmit(button: HTMLButtonElement, form: HTMLFormElement): () => void {
    const take = (event: SubmitEvent) => {
      if (event.submitter && event.submitter !== button) return
      // Also keeps React's own `<form action>` from running: the mutation is what is sent.
      event.preventDefault()
      this.onSubmit(form)
    }
    form.addEventListener('submit', take)
    return () => form.removeEventListener('submit', take)
  }
}
