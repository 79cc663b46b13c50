/** Lets the page open without a network (public/sw.js). Only from a build: in development files have no hash. */
export function keepShell(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  // Without it the dashboard works as before, but cannot be reloaded offline.
  navigator.serviceWorker.register('/sw.js').catch((error: unknown) => console.warn('The page cannot be kept for offline use:', error))
}
