const EVERY_MS = 500

/**
 * Stops this process, as a SIGTERM would, when the one that started it is gone. npm runs a script
 * through a shell, and a shell that is told to stop tells nobody: the script would go on unseen.
 */
export function stopWithParent() {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, EVERY_MS)
  timer.unref()
}
