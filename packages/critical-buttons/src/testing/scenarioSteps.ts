import { type BaseRow, type ErrorCode, HEADERS } from '@org/contracts/client'
import { errorBody } from '@org/contracts/testing'
import type { ScenarioStage } from './createScenarioStage.js'
import type { ScenarioStep } from './Scenario.js'

const CLICKABLE = 'button, [role="menuitemradio"]'

/** A person clicks the button of that name, once or more often in one go. */
export function clicks(name: string | RegExp, { times = 1, title }: { times?: number; title?: string } = {}): ScenarioStep {
  const words = typeof name === 'string' ? `“${name}”` : 'the button'
  return {
    title: title ?? (times === 1 ? `A person clicks ${words}` : `A person double-clicks ${words}`),
    run: (stage) => {
      const button = findButton(stage, name)
      for (let click = 0; click < times; click++) {
        stage.note('click', accessibleText(button))
        button.click()
      }
    },
  }
}

/** Several steps as one, for what must not be interrupted: an open menu closes when something else is clicked. */
export function inOneGo(title: string, ...steps: readonly ScenarioStep[]): ScenarioStep {
  return { title, run: () => {}, parts: steps }
}

export function goesOffline(): ScenarioStep {
  return { title: 'The network is gone', run: ({ sync }) => sync.goOffline() }
}

/** The queue needs a moment after that: see `timePasses`. */
export function comesBackOnline(): ScenarioStep {
  return { title: 'The network is back', run: ({ sync }) => sync.goOnline() }
}

/** @param ms by the stage's clock */
export function timePasses(ms: number, title = `${Math.round(ms / 1_000)} seconds pass`): ScenarioStep {
  return { title, run: ({ sync }) => sync.advance(ms) }
}

/** The tab is closed as by a crash, and opened again. */
export function reloadsThePage(): ScenarioStep {
  return { title: 'The tab crashes and is opened again', run: (stage) => stage.reload() }
}

/** Requests wait until `answers`. */
export function serverIsSlow(): ScenarioStep {
  return { title: 'The server takes its time', run: ({ sync }) => sync.server.hold() }
}

export function serverAnswers(): ScenarioStep {
  return { title: 'The server answers', run: ({ sync }) => sync.server.release() }
}

/** The next writes are refused with these codes, one each; after that all is well again. */
export function serverRefuses(codes: readonly ErrorCode[], title: string): ScenarioStep {
  return { title, run: ({ sync }) => sync.server.next(...codes) }
}

/** The next write takes effect, but its answer never arrives. */
export function answerGetsLost(): ScenarioStep {
  return { title: 'The next answer will get lost on its way back', run: ({ sync }) => sync.server.next('lost-response') }
}

/** The next write never arrives. */
export function requestGetsLost(): ScenarioStep {
  return { title: 'The next request will get lost on its way', run: ({ sync }) => sync.server.next('network') }
}

/** The next writes find the SMS circuit breaker open. @param times writes that are refused */
export function twilioIsDown(times = 1, retryAfterMs = 30_000): ScenarioStep {
  const answer = {
    status: 503,
    headers: { [HEADERS.retryAfter]: String(retryAfterMs / 1_000) },
    body: errorBody('CIRCUIT_BREAKER_OPEN', { retrying: true, retryAfterMs }),
  }
  return {
    title: 'Twilio is down: the circuit breaker is open',
    run: ({ sync }) => sync.server.next(...Array.from({ length: times }, () => answer)),
  }
}

/** Another user's change, committed on the server; this page learns of it later. */
export function someoneElseWrites(table: string, row: BaseRow, title: string): ScenarioStep {
  return { title, run: ({ sync }) => sync.server.seed(table, [row]) }
}

export function tokenExpires(): ScenarioStep {
  return {
    title: 'The sign-in expires',
    run: ({ sync }) => {
      sync.server.user = null
    },
  }
}

/** The same person as before. */
export function signsInAgain(user = { actor: 'user-456', tenant: 'org-1' }): ScenarioStep {
  return {
    title: 'The person signs in again',
    run: async ({ sync, client }) => {
      sync.server.user = user
      await client.refreshIdentity()
    },
  }
}

function findButton({ root }: ScenarioStage, name: string | RegExp): HTMLElement {
  const buttons = [...(root ?? document.body).querySelectorAll<HTMLElement>(CLICKABLE)]
  const found = buttons.find((button) => (typeof name === 'string' ? accessibleText(button) === name : name.test(accessibleText(button))))
  if (found !== undefined) return found
  throw new Error(`clicks: there is no button ${String(name)} now; there are: ${buttons.map(accessibleText).join(', ') || 'none'}`)
}

function accessibleText(button: HTMLElement): string {
  return (button.getAttribute('aria-label') ?? button.textContent ?? '').trim()
}
