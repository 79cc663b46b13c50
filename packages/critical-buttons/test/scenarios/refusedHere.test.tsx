import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { aLead } from '@org/contracts/testing'
import { act, screen } from '@testing-library/react'
import { catalogues } from '../../.storybook/stage/catalogues.js'
import { type PartialMessages, SendSMSButton } from '../../src/index.js'
import { closePages, openPage } from '../harness.js'

afterEach(closePages)

const rows = { leads: [aLead()] }
const de = catalogues.de as PartialMessages
const ar = catalogues.ar as PartialMessages

describe('an SMS that cannot be sent', () => {
  it.each([
    ['', undefined, 'SMS not sent. Write a message first'],
    ['\u200b\u200b', undefined, 'SMS not sent. Write a message first'],
    ['x'.repeat(2_000), undefined, 'SMS not sent. An SMS can hold at most 1,600 characters; this one has 2,000'],
    ['', de, 'SMS nicht gesendet. Schreiben Sie zuerst eine Nachricht'],
    ['x'.repeat(2_000), de, 'SMS nicht gesendet. Eine SMS fasst höchstens 1.600 Zeichen, diese hat 2.000'],
    ['half \ud83d', de, 'SMS nicht gesendet. „message“ passt nicht, deshalb wurde nichts gesendet'],
    ['x'.repeat(2_000), ar, 'لم يتم إرسال الرسالة. تتسع الرسالة لـ1,600 حرف على الأكثر، وفي هذه 2,000'],
  ] as const)('is refused in a sentence that names the limit (%#)', async (message, messages, sentence) => {
    const onError = jest.fn()
    const page = await openPage(<SendSMSButton leadId="lead-123" message={message} onError={onError} />, { rows }, messages && { messages })
    const button = () => document.querySelector<HTMLElement>('[data-part="button"]')
    act(() => button()?.click())
    await page.rest()
    expect(button()).toHaveAttribute('data-state', 'error')
    expect(button()).toHaveAccessibleDescription(sentence)
    expect(screen.queryByRole('button', { name: /Try again|Erneut|حاول/ })).toBeNull()
    expect(onError.mock.calls).toMatchObject([[{ code: 'INVALID_REQUEST', problem: { field: 'message' } }]])
    expect(page.sync.server.writes).toEqual([])

    await page.show(<SendSMSButton leadId="lead-123" message="Hi Anna" />)
    act(() => button()?.click())
    await page.rest()
    expect(page.sync.server.effects).toHaveLength(1)
  })
})
