import { types } from 'node:util'

/** A handle of an open transaction as its effect gets it. */
export interface EndingHandle<Tx> {
  handle: Tx
  /** From here on nothing reaches the transaction by this handle. Safe to call twice. */
  end(): void
}

/**
 * Lets a handle work until its effect has ended. A statement that the effect forgot to await and that comes later could undo
 * what was recorded already, or run on a connection that is somebody else's by then: it is refused and told, and ends no
 * process. What hangs below the handle (`tx.query.deals.findFirst`, a builder made earlier) is the library's own, and not seen.
 */
export function untilEnded<Tx>(tx: Tx): EndingHandle<Tx> {
  if ((typeof tx !== 'object' && typeof tx !== 'function') || tx === null) return { handle: tx, end: () => undefined }
  let isOpen = true
  const call: Call = (method, self, args) => (isOpen ? heard(Reflect.apply(method, self, args)) : refused())
  const handle: object = new Proxy(tx, {
    get: (target, name) => callable(Reflect.get(target, name, target), { target, name }),
    // Setters and methods may use what is private to the real one.
    set: (target, name, value) => Reflect.set(target, name, value, target),
    apply: (method, self, args) => call(method as Method, self, args),
  })
  const known = new WeakMap<Method, Method>()
  const callable = (value: unknown, { target, name }: { target: object; name: PropertyKey }): unknown => {
    if (typeof value !== 'function' || name === 'constructor' || isFixed(target, name)) return value
    const method = value as Method
    const guarded =
      known.get(method) ?? new Proxy(method, { apply: (_, self, args) => call(method, self === handle ? target : self, args) })
    known.set(method, guarded)
    return guarded
  }
  const end = () => {
    isOpen = false
  }
  return { handle: handle as Tx, end }
}

type Method = (...args: unknown[]) => unknown
type Call = (method: Method, self: unknown, args: unknown[]) => unknown

// A proxy must show what cannot change as it is.
function isFixed(target: object, name: PropertyKey): boolean {
  const own = Reflect.getOwnPropertyDescriptor(target, name)
  return own !== undefined && !own.configurable && !own.writable
}

/** A statement that fails and that nobody awaits is told when the answer is recorded, which a failed transaction refuses. */
function heard(result: unknown): unknown {
  if (types.isPromise(result)) result.catch(() => undefined)
  return result
}

function refused(): unknown {
  const error = new TypeError('This transaction has ended: a statement came after its effect had answered. Await each one.')
  process.emitWarning(error.message, 'InLedgerWarning')
  const rejected = Promise.reject(error)
  rejected.catch(() => undefined)
  return deadEnd(rejected)
}

/** Takes every further call of a builder, and rejects whoever awaits it. */
function deadEnd(rejected: Promise<never>): unknown {
  const end: unknown = new Proxy(() => undefined, {
    get: (_, name) => (name === 'then' || name === 'catch' || name === 'finally' ? rejected[name].bind(rejected) : end),
    apply: () => end,
  })
  return end
}
