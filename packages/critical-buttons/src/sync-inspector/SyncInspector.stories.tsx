import { bookingConfirm, leadUpdateStatus, PATHS, smsSend } from '@org/contracts'
import type { TelemetryEvent } from '@org/sync-core'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { stageClient } from '../../.storybook/stage/stageClient.js'
import { createTelemetryLog } from '../provider/telemetryLog.js'
import type { FakeSyncClient } from '../testing/createFakeSyncClient.js'
import { SyncInspector } from './SyncInspector.js'

const meta = { title: 'Components/SyncInspector', tags: ['autodocs'], component: SyncInspector } satisfies Meta<typeof SyncInspector>
export default meta
type Story = StoryObj<typeof meta>

const breaker =
  (state: string, failuresInWindow = 0) =>
  (path: string) =>
    path === PATHS.smsStatus ? { status: 200, body: { state, failuresInWindow } } : { status: 404, body: null }
const booking = { action: bookingConfirm, request: { appointmentId: 'apt-123' } }
const sms = { action: smsSend, request: { leadId: 'lead-123', message: 'Hi Anna' } }
const status = { action: leadUpdateStatus, request: { leadId: 'lead-124', status: 'qualified' } }

export const Empty: Story = {
  parameters: {
    stage: {
      read: breaker('CLOSED'),
      note: {
        sees: 'Network, who is signed in, where clicks are kept, the SMS circuit breaker; below, that nothing waits.',
        hears: 'A region “Sync inspector” with a heading for each table.',
        can: 'Leave it open beside a page. It is for developers and support, and shows no message texts and no phone numbers.',
      },
    },
  },
}

export const Waiting: Story = {
  parameters: {
    stage: {
      read: breaker('CLOSED'),
      clicks: [
        { ...booking, phase: 'queued' },
        { ...sms, phase: 'retrying' },
        { ...status, phase: 'checking' },
      ],
      note: {
        sees: 'Each click that waits, with its attempts and the last error; “may have happened” where an attempt may have reached the server.',
        hears: 'A table; its buttons are named Retry and Discard.',
        can: 'Try one now, or discard it: the server is asked first whether it has already happened.',
      },
    },
  },
  play: async ({ canvasElement }) => {
    const row = within(canvasElement).getByText('booking.confirm').closest('tr') as HTMLElement
    await userEvent.click(within(row).getByRole('button', { name: 'Discard' }))
    await waitFor(() => expect(within(canvasElement).queryByText('booking.confirm')).not.toBeInTheDocument())
    await expect(stageClient().getQueue()).toHaveLength(2)
  },
}

export const DeadLetters: Story = {
  parameters: {
    stage: {
      read: breaker('CLOSED'),
      clicks: [
        { ...booking, phase: 'error' },
        { ...sms, phase: 'unknown' },
      ],
      note: {
        sees: 'What is not tried again by itself: nothing is dropped silently, a person decides.',
        hears: 'The state “dead” or “unknown”, and why.',
        can: 'Retry (a refusal starts a new click with a new key), or discard.',
      },
    },
  },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getByText('dead')).toBeVisible()
    await userEvent.click(within(canvasElement).getAllByRole('button', { name: 'Retry' })[0] as HTMLElement)
    await expect(await within(canvasElement).findByText('sending')).toBeVisible()
  },
}

export const BreakerOpen: Story = {
  parameters: {
    stage: {
      read: breaker('OPEN', 5),
      clicks: [{ ...sms, phase: 'circuit-open' }],
      note: {
        sees: '“OPEN, 5 failures”: SMS wait instead of failing.',
        hears: 'The same, read every ten seconds.',
        can: 'Wait: it closes by itself when Twilio answers again. Check Twilio’s account meanwhile.',
      },
    },
  },
  play: async ({ canvasElement }) => {
    await expect(await within(canvasElement).findByText('OPEN, 5 failures')).toBeVisible()
  },
}

export const BreakerHalfOpen: Story = {
  parameters: {
    stage: {
      read: breaker('HALF_OPEN', 5),
      note: { sees: '“HALF_OPEN”: one probe decides.', hears: 'The same.', can: 'Wait a moment.' },
    },
  },
}

const COUNTS = { listeners: 1, cursor: null, lastEventAt: null, received: 0, duplicates: 0, staleDropped: 0, gapsRepaired: 0 }
const SUBSCRIPTIONS = [
  { key: 'appointments', state: 'live', ...COUNTS },
  { key: 'leads', state: 'stale', ...COUNTS },
  { key: 'sms_messages', state: 'connecting', ...COUNTS },
  { key: 'proposals', state: 'denied', ...COUNTS },
] as const

function subscribeInEveryState({ realtime }: FakeSyncClient): void {
  realtime.getSubscriptions = () => SUBSCRIPTIONS
}

export const RealtimeStates: Story = {
  parameters: {
    stage: {
      read: breaker('CLOSED'),
      prepare: subscribeInEveryState,
      note: {
        sees: 'Each table once, however many components look at it: live, stale (nothing is pushed, so it is asked for), connecting, denied.',
        hears: 'A table.',
        can: 'Look for “denied”: the API refuses these rows to this person. “Gaps repaired” counts what realtime lost.',
      },
    },
  },
  play: async ({ canvasElement }) => {
    for (const state of ['live', 'stale', 'connecting', 'denied']) await expect(within(canvasElement).getByText(state)).toBeVisible()
  },
}

function logClosures(client: FakeSyncClient): void {
  const { attach, onTelemetry } = createTelemetryLog(undefined)
  attach(client)
  const settled = (id: string, action: string, code: string | null, times: readonly [number | null, number | null, number | null]) => {
    const [storedAt, acknowledgedAt, echoedAt] = times
    const closure = { submittedAt: 0, firstAttemptAt: storedAt, storedAt, acknowledgedAt, echoedAt }
    onTelemetry({
      type: 'settled',
      mutationId: id,
      action,
      at: 0,
      outcome: code === null ? 'success' : 'refused',
      code,
      closure,
    } satisfies TelemetryEvent)
  }
  settled('1', 'booking.confirm', null, [4, 61, 95])
  settled('2', 'sms.send', null, [3, 240, 262])
  settled('3', 'lead.updateStatus', 'VERSION_CONFLICT', [5, 48, null])
}

export const ClosureTimes: Story = {
  parameters: {
    stage: {
      read: breaker('CLOSED'),
      prepare: logClosures,
      note: {
        sees: 'How long each loop took from the click: stored on this device, acknowledged by the server, echoed by realtime.',
        hears: 'A table.',
        can: 'Find what is slow: the storage, the server, or realtime.',
      },
    },
  },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getByText('VERSION_CONFLICT')).toBeVisible()
    await expect(within(canvasElement).getByText('262 ms')).toBeVisible()
  },
}

export const SignedOut: Story = {
  parameters: {
    stage: {
      user: null,
      note: { sees: '“signed-out”: the queue pauses.', hears: 'The same.', can: 'Sign in; another user’s clicks are never sent.' },
    },
  },
}
