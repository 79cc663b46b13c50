import { AsyncLocalStorage } from 'node:async_hooks'

const transaction = new AsyncLocalStorage<{ isOpen: boolean }>()

/** Does `work`, inside which the database may be asked through its transaction alone. @param onEnd called before anybody hears of its end */
export function insideTransaction<T>(work: () => Promise<T>, onEnd: () => void = () => undefined): Promise<T> {
  const state = { isOpen: true }
  const close = () => {
    state.isOpen = false
    onEnd()
  }
  const done = transaction.run(state, work)
  done.then(close, close)
  return done
}

/**
 * Stops what would go past an open transaction: it would not be undone with it, and on the embedded database, which has one
 * connection, it would wait for ever for the transaction that waits for it.
 * @throws {TypeError} inside an effect
 */
export function refuseInsideTransaction(): void {
  if (transaction.getStore()?.isOpen !== true) return
  throw new TypeError(
    'A query went past the transaction of its effect: it would not be undone with it, and could wait for it for ever. Use `tx` for everything inside inLedger.',
  )
}
