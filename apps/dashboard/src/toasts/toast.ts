/** A short note about something that happened. */
export interface Toast {
  id: number
  tone: 'good' | 'bad' | 'info'
  text: string
}

const SHOWN_MS = 5_000
const listeners = new Set<() => void>()
let toasts: readonly Toast[] = []
let nextId = 1

function show(tone: Toast['tone'], text: string) {
  const id = nextId++
  set([...toasts, { id, tone, text }].slice(-4))
  // A failure stays until it was read and closed.
  if (tone !== 'bad') setTimeout(() => dismissToast(id), SHOWN_MS)
}

function set(next: readonly Toast[]) {
  toasts = next
  for (const listener of listeners) listener()
}

/** Shows a note, from anywhere; the guide's samples call it like this. */
export const toast = {
  success: (text: string) => show('good', text),
  error: (text: string) => show('bad', text),
  info: (text: string) => show('info', text),
}

export function dismissToast(id: number) {
  set(toasts.filter((entry) => entry.id !== id))
}

export const getToasts = () => toasts

export function subscribeToasts(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
