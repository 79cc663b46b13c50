/** Lets IndexedDB fail in this page, as a full disk or a browser that closes its databases does. */
export function storageTrouble() {
  const open = new Set<IDBDatabase>()
  let mode: 'none' | 'abort' | 'refuse' = 'none'
  const realOpen = IDBFactory.prototype.open
  const realTransaction = IDBDatabase.prototype.transaction

  IDBFactory.prototype.open = function (...args: Parameters<IDBFactory['open']>) {
    if (mode === 'refuse') throw new DOMException('The soak refuses storage.', 'UnknownError')
    const request = realOpen.apply(this, args)
    request.addEventListener('success', () => open.add(request.result))
    return request
  }
  IDBDatabase.prototype.transaction = function (...args: Parameters<IDBDatabase['transaction']>) {
    if (mode === 'refuse') throw new DOMException('The soak refuses storage.', 'UnknownError')
    const transaction = realTransaction.apply(this, args)
    if (mode === 'abort' && args[1] === 'readwrite') queueMicrotask(() => abort(transaction))
    return transaction
  }

  return {
    set(next: typeof mode): void {
      mode = next
    },
    /** Closes every connection under the client's feet. */
    close(): void {
      for (const database of open) database.close()
      open.clear()
    },
  }
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It has ended already.
  }
}
