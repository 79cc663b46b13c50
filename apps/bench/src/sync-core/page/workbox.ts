/** Runs the service worker's measurement and waits for its answer. */
export async function workbox(count: number): Promise<{ enqueueMs: number; drainMs: number }> {
  await navigator.serviceWorker.register('/worker.js')
  const { active } = await navigator.serviceWorker.ready
  const channel = new MessageChannel()
  const answer = new Promise<{ result?: { enqueueMs: number; drainMs: number }; error?: string }>((resolve) => {
    channel.port1.onmessage = ({ data }) => resolve(data)
  })
  active?.postMessage(count, [channel.port2])
  const { result, error } = await answer
  if (result === undefined) throw new Error(error)
  return result
}
