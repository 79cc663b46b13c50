/** A short note about something that happened. */
export interface Toast {
  id: number
  tone: 'good' | 'bad' | 'info'
  text: string
}

/** A failure stays a little longer. */
const SHOWN_MS = { good: 4_000, info: 4_000, bad: 9_000 }
const listeners = new Set<() => void>()
let toasts: readonly Toast[] = []
let nextId = 1

/** Shows a note, from anywhere. */
export function toast(tone: Toast['tone'], text: string): void {
  const id = nextId++
  set([...toasts, { id, tone, text }].slice(-4))
  setTimeout(() => dismissToast(id), SHOWN_MS[tone])
}

function set(next: readonly Toast[]) {
  toasts = next
  for (const listener of listeners) listener()
}

export function dismissToast(id: number) {
  set(toasts.filter((entry) => entry.id !== id))
}

export const getToasts = () => toasts

export function subscribeToasts(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
