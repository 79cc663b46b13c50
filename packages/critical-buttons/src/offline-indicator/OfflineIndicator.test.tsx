import { describe, expect, it, jest } from '@jest/globals'
import { bookingConfirm, smsSend } from '@org/contracts'
import type { ConnectivityView, Identity, IdentityReason } from '@org/sync-core'
import { act, render, screen } from '@testing-library/react'
import { catalogues } from '../../.storybook/stage/catalogues.js'
import { createFormatter } from '../messages/format.js'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { idleClient } from '../provider/idleClient.js'
import { createFakeSyncClient, type FakeSyncClientOptions } from '../testing/createFakeSyncClient.js'
import { indicatorState, indicatorText } from './indicatorState.js'
import { createIndicatorWords } from './indicatorWords.js'
import { OfflineIndicator } from './OfflineIndicator.js'

const ana = { state: 'confirmed', actor: 'ana', tenant: 'org-1' } as const
const remembered = (reason: IdentityReason): Identity => ({ ...ana, state: 'remembered', reason })
const english = createIndicatorWords(createFormatter('en'))

const TABLE: readonly [Partial<ConnectivityView>, Identity, string][] = [
  [{}, ana, 'All sent'],
  [{ pendingCount: 3 }, ana, 'Sending 3 actions'],
  [{ pendingCount: 3, waitsForServer: true }, ana, '3 actions wait for the server'],
  [{ pendingCount: 2, waitsForServer: true }, remembered('token-refused'), '2 actions wait for their sign-in'],
  [{ attentionCount: 1 }, ana, '1 action needs your attention'],
  [{ online: false }, ana, 'Offline'],
  [{ online: false, pendingCount: 2 }, ana, 'Offline, 2 actions waiting'],
  // Nobody is signed in: a number, or nothing.
  [{}, { state: 'signed-out' }, ''],
  [{ waitingForSignIn: 2 }, { state: 'signed-out' }, '2 actions wait for their sign-in'],
  [{ waitingForSignIn: 1 }, { state: 'signed-out' }, '1 action waits for its sign-in'],
  [{}, { state: 'loading' }, ''],
  [{ waitingForSignIn: 1 }, { state: 'loading' }, '1 action waits for its sign-in'],
  [{ waitingForSignIn: 2 }, { state: 'loading', reason: 'api-unreachable' }, '2 actions wait for the server'],
  [{ waitingForSignIn: 2 }, { state: 'loading', reason: 'token-unavailable' }, '2 actions wait for their sign-in'],
  [{ online: false }, { state: 'loading' }, 'Offline'],
  // Storage cannot be read: what a page before this one left there is not known.
  [{ durability: 'memory' }, ana, ''],
  [{ durability: 'memory', pendingCount: 1 }, ana, 'Sending 1 action'],
  // It is not certain that somebody is signed in.
  [{ pendingCount: 2 }, remembered('token-unavailable'), '2 actions wait for their sign-in'],
  [{ pendingCount: 2 }, remembered('token-refused'), '2 actions wait for their sign-in'],
  [{ pendingCount: 2 }, remembered('actor-differs'), '2 actions wait for their sign-in'],
  [{ pendingCount: 2 }, remembered('api-unreachable'), '2 actions wait for the server'],
  [{ pendingCount: 1 }, remembered('api-misconfigured'), '1 action waits for the server'],
]

describe('what OfflineIndicator says', () => {
  it.each(TABLE)('of %j and %j: "%s"', (fields, identity, text) => {
    const view = { ...idleClient.getConnectivity(), ...fields }
    expect(indicatorText(indicatorState(view, identity), view, identity, english)).toBe(text)
  })

  it.each(Object.entries({ en: { indicator: english }, ...catalogues }))(
    'in %s says that all is sent in words of their own',
    (_, { indicator }) => {
      const others = [0, 1, 2].flatMap((count) => [
        indicator.sending(count),
        indicator.waitingForSignIn(count),
        indicator.waitingForServer(count),
      ])
      expect(others.filter((text) => text.includes(indicator.allSent))).toEqual([])
    },
  )
})

describe('OfflineIndicator', () => {
  async function show(options: FakeSyncClientOptions = {}) {
    const client = await createFakeSyncClient(options)
    const { container } = render(
      <CriticalButtonsProvider client={client}>
        <OfflineIndicator alwaysShown />
      </CriticalButtonsProvider>,
    )
    return { client, container }
  }

  it('says nothing while nobody is signed in and nothing waits, though it is always shown', async () => {
    const { container } = await show({ user: null })
    expect(container).toBeEmptyDOMElement()
  })

  it('says how many clicks wait once their owner has signed out, and offers no sending of them', async () => {
    const { client, container } = await show()
    expect(container).toHaveTextContent('All sent')
    await act(() => client.click(bookingConfirm, { appointmentId: 'apt-123' }))
    await act(() => client.click(smsSend, { leadId: 'lead-123', message: 'Hi' }))
    expect(screen.getByRole('button', { name: 'Sync now' })).toBeVisible()
    await act(() => client.signOut())
    expect(container).toHaveTextContent(/^2 actions wait for their sign-in$/)
    expect(container.firstElementChild).toHaveAttribute('data-state', 'waiting')
  })

  it('lets a person try although the browser believes itself offline', async () => {
    const { client } = await show()
    await act(() => client.click(bookingConfirm, { appointmentId: 'apt-123' }, 'queued'))
    client.syncQueue = jest.fn(async () => {})
    act(() => screen.getByRole('button', { name: 'Sync now' }).click())
    expect(client.syncQueue).toHaveBeenCalledTimes(1)
  })
})
