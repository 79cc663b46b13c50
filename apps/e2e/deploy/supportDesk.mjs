import { setTimeout as wait } from 'node:timers/promises'
import { orgApi } from './image.mjs'

/** How long a person at a support desk may need for an answer. Milliseconds. */
const LONGEST_ANSWER_MS = 60_000

/**
 * What customers ask a support desk: how it comes about, what is typed, and what the answer has to say.
 * @type {{ question: string, arrange: (desk: Desk) => Promise<string[]>, says: RegExp[] }[]}
 */
export const QUESTIONS = [
  {
    question: 'Did it go out?',
    arrange: async ({ settled }) => ['inspect', 'lead', (await settled('sms')).row],
    says: [/^SMS \S+ to …\d{4}: went out at \S+Z and was delivered \(SM\w+\)\./m],
  },
  {
    question: 'Who confirmed this?',
    arrange: async ({ settled }) => ['inspect', 'appointment', (await settled('confirm')).row],
    says: [/status confirmed, last changed by user-\d+ at /, /user-\d+ clicked booking\.confirm; it, clicked at .* arrived/],
  },
  {
    question: 'Why did it fail?',
    arrange: async ({ settled, click }) => {
      const { row } = await settled('confirm')
      const refused = await click('confirm', row)
      return ['inspect', 'key', refused.key]
    },
    says: [/did not take effect: 409 ALREADY_CONFIRMED, ".+"/],
  },
  {
    question: 'Is it stuck?',
    arrange: async ({ twilio, click, freshRow }) => {
      await twilio.setFaults({ mode: 'rate-limited' })
      const { row } = await click('sms', freshRow('lead'), { patienceMs: 4_000 })
      return ['inspect', 'lead', row]
    },
    says: [/^SMS \S+ to …\d{4}: has not gone out yet, and is not stuck: the next attempt is due at .*Z\. The last attempt: /m],
  },
  {
    question: 'Was it sent twice?',
    arrange: async ({ twilio, click, freshRow }) => {
      await twilio.setFaults()
      const row = freshRow('lead')
      await click('sms', row, { message: 'the same words' })
      // Another device of the same person, or another person: a click of its own.
      await click('sms', row, { message: 'the same words' })
      await wait(500)
      return ['inspect', 'lead', row]
    },
    says: [/went out .* It was sent once\. 2 clicks with the same words meant this one SMS\.$/m],
  },
]

/**
 * What a question may use to come about.
 * @typedef {object} Desk
 * @property {(kind: string) => Promise<import('./People.mjs').Click>} settled a click of the rehearsal that succeeded
 * @property {(kind: string, row: string, options?: { message?: string, patienceMs?: number }) => Promise<import('./People.mjs').Click>} click one more, by a client of its own
 * @property {(kind: string) => string} freshRow
 * @property {{ setFaults(faults?: object): Promise<void> }} twilio
 */

/**
 * Asks and shows the answer, as a person at the desk reads it.
 * @throws {Error} when it does not say what it has to, or takes a minute
 */
export async function answer({ question, arrange, says }, desk, { image, env }) {
  const words = await arrange(desk)
  const startedAt = performance.now()
  const text = await orgApi(image, words, env)
  const tookMs = performance.now() - startedAt
  console.log(indented(`“${question}”  org-api ${words.join(' ')}  (${(tookMs / 1_000).toFixed(1)} s)\n${text}`))
  const unsaid = says.filter((pattern) => !pattern.test(text))
  if (unsaid.length > 0) throw new Error(`It should say ${unsaid.join(' and ')}.`)
  if (tookMs > LONGEST_ANSWER_MS) throw new Error(`It took ${Math.round(tookMs / 1_000)} s.`)
}

const indented = (text) => text.trimEnd().replace(/^/gm, '    ')
