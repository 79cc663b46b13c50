import { findChromium } from './systemPrograms.mjs'

/**
 * How every suite and measurement starts Chromium: the machine's own, calling nobody, and without the sandbox
 * that containers refuse.
 * @returns {{ executablePath: string, args: string[] }}
 */
export function chromiumLaunch() {
  return {
    executablePath: findChromium() ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  }
}
