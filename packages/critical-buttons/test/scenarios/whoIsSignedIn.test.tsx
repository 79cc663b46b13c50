import { afterEach, describe, expect, it } from '@jest/globals'
import { aLead, anAppointment } from '@org/contracts/testing'
import { act, screen } from '@testing-library/react'
import { BookingConfirmButton, OfflineIndicator } from '../../src/index.js'
import { closePages, openPage } from '../harness.js'

afterEach(closePages)

const rows = { appointments: [anAppointment()], leads: [aLead()] }
const button = () => screen.getByRole('button', { name: /^Confirm/ })
const indicator = () => document.querySelector('[data-component="OfflineIndicator"]')?.textContent ?? ''
const CONTENT = (
  <>
    <OfflineIndicator alwaysShown />
    <BookingConfirmButton appointmentId="apt-123" />
  </>
)

describe('while the token function does not know', () => {
  it('says that it is not known, keeps the click, and sends it as soon as that is known', async () => {
    let isBroken = false
    const getAccessToken = async () => {
      if (isBroken) throw new Error('The sign-in service is away')
      return 'token'
    }
    const page = await openPage(CONTENT, { rows, getAccessToken })
    isBroken = true
    act(() => button().click())
    for (const minutes of [0, 1, 9]) {
      await page.advance(minutes * 60_000 + 1_000)
      expect(button()).toHaveAttribute('data-state', 'queued')
      expect(button()).toHaveAccessibleDescription(
        /It is not known right now whether you are signed in\. It is sent as soon as that is known/,
      )
      expect(indicator()).toMatch(/^1 action waits for its sign-in/)
      expect(document.body).not.toHaveTextContent(/You are not signed in|All sent/)
    }
    isBroken = false
    await page.advance(60_000)
    expect(page.sync.server.effects).toHaveLength(1)
    expect(button()).toHaveTextContent('Confirmed')
  })

  it('says nothing of what is sent where nobody was known before, and why the button cannot be used yet', async () => {
    const getAccessToken = async () => {
      throw new Error('The sign-in service is away')
    }
    const page = await openPage(CONTENT, { rows, getAccessToken })
    await page.advance(5_000)
    expect(indicator()).toBe('')
    expect(button()).toHaveAttribute('aria-disabled', 'true')
    expect(button()).toHaveAttribute('title', 'It is not known right now whether you are signed in')
  })
})

describe('after signing out with a click unsent', () => {
  it('says how many clicks wait, and nothing about them', async () => {
    const page = await openPage(CONTENT, { rows })
    page.sync.server.stop()
    act(() => button().click())
    await page.advance(1_000)
    await act(() => page.sync.client.signOut({ mode: 'keep' }))
    page.sync.server.user = null
    page.sync.server.start()
    await page.advance(60_000)
    expect(indicator()).toBe('1 action waits for its sign-in')
    expect(button()).toHaveAttribute('title', 'You are not signed in')
    expect(button()).toHaveAttribute('data-state', 'idle')
  })
})

it('tells why a button cannot be used while the server cannot be reached, until it can', async () => {
  const page = await openPage(<p>Nothing yet</p>, { rows, user: null })
  page.sync.server.stop()
  await page.reload(CONTENT)
  await page.advance(1_000)
  expect(button()).toHaveAttribute('title', 'The server cannot be reached right now')
  page.sync.server.user = { actor: 'user-456', tenant: 'org-1' }
  page.sync.server.start()
  await page.advance(60_000)
  expect(button()).not.toHaveAttribute('title')
  expect(button()).not.toHaveAttribute('aria-disabled')
})
