import '@testing-library/jest-dom/jest-globals'
import { configure } from '@testing-library/dom'

// What is said to screen readers says in other words, a moment later, what is seen: a test looks for what is seen.
configure({ defaultIgnore: 'script, style, [data-cb-live] *' })

const later = setTimeout

/** React's scheduler would keep one port of Node's MessageChannel open, and with it the process. */
class TimerChannel {
  readonly port1 = new TimerPort(() => this.port2)
  readonly port2: TimerPort = new TimerPort(() => this.port1)
}

class TimerPort {
  onmessage: ((event: { data: unknown }) => void) | null = null
  readonly #other: () => TimerPort

  constructor(other: () => TimerPort) {
    this.#other = other
  }

  postMessage(data: unknown): void {
    later(() => this.#other().onmessage?.({ data }), 0)
  }

  close(): void {}
}

Object.assign(globalThis, { MessageChannel: TimerChannel })
