/** Calls a host's function from an effect: what it throws reaches the page's error handlers, and takes nothing off the screen. */
export function callHost(run: () => void): void {
  try {
    run()
  } catch (error) {
    setTimeout(() => {
      throw error
    })
  }
}
