/** Which of the queue's commits, of all tabs, this tab's mirror has seen. A gap is a message that was lost, or is still on its way. */
export class RevisionLog {
  /** All up to here have been seen. */
  #complete = 0
  readonly #beyond = new Set<number>()
  #highest = 0

  /** Everything up to `revision` was read from storage. */
  startAt(revision: number): void {
    this.reached(revision)
    this.#complete = Math.max(this.#complete, revision)
    for (const seen of this.#beyond) if (seen <= this.#complete) this.#beyond.delete(seen)
    this.#advance()
  }

  /** Storage has come this far, by whomever. */
  reached(revision: number): void {
    this.#highest = Math.max(this.#highest, revision)
  }

  /** One commit was seen. */
  note(revision: number): void {
    this.reached(revision)
    if (revision > this.#complete) this.#beyond.add(revision)
    this.#advance()
  }

  get hasGap(): boolean {
    return this.#highest > this.#complete
  }

  #advance(): void {
    while (this.#beyond.delete(this.#complete + 1)) this.#complete += 1
  }
}
