import { describe, expect, it } from '@jest/globals'
import { arabic } from '@org/critical-buttons/locales/ar'
import { german } from '@org/critical-buttons/locales/de'
import { catalogues } from '../.storybook/stage/catalogues.js'
import { createEnglishMessages } from '../src/catalogue/createEnglishMessages.js'
import type { Catalogue } from '../src/locales/Catalogue.js'
import type { ActionMessages } from '../src/messages/Messages.js'

/** Paths of all sentences, `actions.sms.send.label` for example. */
function sentencesIn(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, inner]) => sentencesIn(inner, path === '' ? key : `${path}.${key}`))
}

/** What a sentence may be told, and what a complaint about a request. */
const tooLong = { field: 'message', kind: 'too-long', limit: 1_600, size: 2_000 } as const

function sentencesSaid(actions: Catalogue['actions']): (string | undefined)[] {
  const words = { subject: 'X', status: 'Y', count: 3, unchanged: 1, ...tooLong }
  return Object.values(actions).flatMap((sentences: ActionMessages) => Object.values(sentences).map((say) => say(words)))
}

it('German and Arabic are what teams import', () => {
  expect(catalogues).toEqual({ de: german, ar: arabic })
})

describe.each(Object.entries(catalogues))('the catalogue "%s"', (locale, catalogue) => {
  it('has every sentence that English has', () => {
    const { default: _forOtherActions, ...actions } = createEnglishMessages().actions
    const known = new Set(sentencesIn(catalogue))
    expect(sentencesIn({ ...createEnglishMessages(), actions }).filter((path) => !known.has(path))).toEqual([])
  })

  it('says nothing in English', () => {
    const words = { subject: 'X', status: 'X', count: 3, unchanged: 1, ...tooLong }
    const english = createEnglishMessages(locale)
    for (const [name, say] of Object.entries(catalogue.actions)) {
      for (const [sentence, text] of Object.entries(say)) {
        const original = english.actions[name as keyof typeof english.actions]?.[sentence as 'pending']?.(words)
        if (original !== 'X') expect([name, sentence, text(words)]).not.toEqual([name, sentence, original])
      }
    }
  })

  it('writes all numbers in the digits of its locale', () => {
    const digits = new Set(Array.from({ length: 10 }, (_, digit) => new Intl.NumberFormat(locale).format(digit)))
    const said = [...sentencesSaid(catalogue.actions), catalogue.attempt(2, 5), catalogue.partial(2, 1, 3), catalogue.tryingAgainIn(30_000)]
    for (const text of said) expect([...(text ?? '')].filter((sign) => /\p{Nd}/u.test(sign) && !digits.has(sign))).toEqual([])
  })
})
