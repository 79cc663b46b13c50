import { expect, it, jest } from '@jest/globals'
import { aLead } from '@org/contracts/testing'
import { act, render, screen } from '@testing-library/react'
import { Activity, StrictMode } from 'react'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { SendSMSButton } from '../send-sms-button/SendSMSButton.js'
import { createAnnouncementLog } from '../testing/announcementLog.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'

it('says a state once, also where its tree was hidden meanwhile', async () => {
  jest.useFakeTimers()
  const client = await createFakeSyncClient({ rows: { leads: [aLead()] } })
  const log = createAnnouncementLog()
  const page = (mode: 'visible' | 'hidden') => (
    <StrictMode>
      <CriticalButtonsProvider client={client} announce={log.announce}>
        <Activity mode={mode}>
          <SendSMSButton leadId="lead-123" message="Hi Anna" />
        </Activity>
      </CriticalButtonsProvider>
    </StrictMode>
  )
  const { rerender } = render(page('visible'))
  act(() => screen.getByRole('button', { name: 'Send SMS' }).click())
  await act(() => client.fail('OPTED_OUT'))
  act(() => void jest.advanceTimersByTime(1_000))
  expect(log.texts()).toHaveLength(1)
  for (const mode of ['hidden', 'visible'] as const) {
    rerender(page(mode))
    act(() => void jest.advanceTimersByTime(1_000))
  }
  expect(log.texts()).toHaveLength(1)
  jest.useRealTimers()
})
