import type { ClientAdapters } from '../client/SyncClientSettings.js'

/** Turns of the microtask queue: more than any chain of answers takes, and no timer that a test framework may have replaced. */
const TURNS = 500

/**
 * Holds back what storage, server and loaded code answer, so that a page changes in steps alone: a click shows what it shows
 * at once, and nothing moves until the next step.
 */
export class Stillness {
  #steps = 0
  #moves: Promise<void> = Promise.resolve()
  #go: () => void = () => {}

  constructor() {
    this.#stop()
  }

  /** Lets everything move while `run` is under way, until it has come to rest. */
  async step<Result>(run: () => Result | Promise<Result>): Promise<Result> {
    this.#steps += 1
    this.#go()
    try {
      return await run()
    } finally {
      await comeToRest()
      this.#steps -= 1
      if (this.#steps === 0) this.#stop()
    }
  }

  /** A tab's ports, whose answers wait for a step. */
  hold({ storage, transport, loadRealtime, loadExplanations }: ClientAdapters): Partial<ClientAdapters> {
    const whileMoving =
      <Given extends unknown[], Answer>(ask: (...given: Given) => Promise<Answer>) =>
      async (...given: Given): Promise<Answer> => {
        await this.#moves
        return ask(...given)
      }
    return {
      storage: async (name) => {
        const opened = await whileMoving(storage)(name)
        return { ...opened, transaction: whileMoving(opened.transaction), entries: whileMoving(opened.entries) }
      },
      transport: { send: whileMoving(transport.send) },
      loadRealtime: loadRealtime && whileMoving(loadRealtime),
      loadExplanations: loadExplanations && whileMoving(loadExplanations),
    }
  }

  #stop(): void {
    this.#moves = new Promise((resolve) => {
      this.#go = resolve
    })
  }
}

/** Lets everything come to rest that takes promises alone. */
export async function comeToRest(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await undefined
}
