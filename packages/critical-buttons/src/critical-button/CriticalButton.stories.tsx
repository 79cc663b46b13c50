import { anAppointment } from '@org/contracts/testing'
import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactElement } from 'react'
import { expect, fn, userEvent, within } from 'storybook/test'
import { appointmentReschedule } from '../../.storybook/own-action/appointmentReschedule.js'
import { rescheduleWords } from '../../.storybook/own-action/rescheduleWords.js'
import { buttonIn, partIn } from '../../.storybook/stage/partIn.js'
import { playedInDocs } from '../../.storybook/stage/playedInDocs.js'
import { stageClient } from '../../.storybook/stage/stageClient.js'
import { stateStories } from '../../.storybook/stage/stateStory.js'
import { CriticalButton, type CriticalButtonProps } from './CriticalButton.js'

type RescheduleProps = CriticalButtonProps<typeof appointmentReschedule>

const FRIDAY = '2026-11-27T09:00:00Z'
const request = { appointmentId: 'apt-123', scheduledAt: FRIDAY }

/** For an action a team has defined itself. */
const RescheduleButton: (props: RescheduleProps) => ReactElement = CriticalButton

const meta = {
  title: 'Components/CriticalButton',
  tags: ['autodocs'],
  component: RescheduleButton,
  args: { action: appointmentReschedule, request, messages: rescheduleWords },
  // Generic, so the compiler cannot say it for one action.
  argTypes: { request: { table: { type: { summary: 'RequestOf<A> | ((form: FormData) => RequestOf<A>)' } } } },
} satisfies Meta<typeof RescheduleButton>
export default meta
type Story = StoryObj<typeof meta>

const state = stateStories({
  action: appointmentReschedule,
  request,
  words: {
    label: 'Move to Friday',
    done: 'Moved',
    pending: 'Moving the appointment to Friday',
    success: 'Appointment moved to Friday',
    queued: 'You are offline. The appointment will be moved when you reconnect',
    failed: 'Appointment not moved',
  },
})

export const Idle: Story = {
  parameters: {
    stage: {
      note: {
        sees: 'The team’s own words, in the look of all critical buttons.',
        hears: '“Move to Friday, button”.',
        can: 'Click once. Keys, retries, the offline queue and other tabs work as for the built-in buttons.',
      },
    },
  },
}

export const Confirming: Story = {
  args: { variant: 'with-confirm' },
  parameters: {
    ...playedInDocs(),
    stage: {
      note: {
        sees: 'The team’s question, with Cancel and verb and object.',
        hears: 'Title and text; the focus is on Cancel.',
        can: 'Confirm, cancel, or press Escape.',
      },
    },
  },
  play: async ({ canvasElement }) => {
    await userEvent.click(buttonIn(canvasElement))
    const dialog = within(canvasElement).getByRole('alertdialog', { name: 'Move this appointment to Friday?' })
    await expect(partIn(dialog, 'dialog-cancel')).toHaveFocus()
  },
}

export const Running: Story = state('running')
export const WithProgress: Story = { ...state('retrying'), args: { variant: 'with-progress' } }
export const Retrying: Story = state('retrying')
export const Queued: Story = state('queued')
export const CircuitOpen: Story = state('circuit-open', {
  answer: { error: 'The calendar service is temporarily unavailable' },
})
export const Checking: Story = state('checking')
export const Success: Story = state('success', { answer: { appointment: anAppointment({ version: 2, scheduled_at: FRIDAY }) } })
export const Conflict: Story = state('conflict', { answer: { appointment: anAppointment({ version: 2, updated_by: 'ben' }) } })
export const Failed: Story = state('error')
export const OutcomeUnknown: Story = state('unknown')

export const Done: Story = {
  args: { isDone: true },
  parameters: {
    stage: {
      note: { sees: '“Moved”, for good: the page says so by `isDone`.', hears: '“Moved, button, dimmed”.', can: 'Nothing is left to do.' },
    },
  },
}

export const Disabled: Story = {
  args: { variant: 'disabled' },
  parameters: {
    stage: {
      note: { sees: 'A grey button.', hears: '“Move to Friday, button, dimmed”.', can: 'Reach it by keyboard; clicks do nothing.' },
    },
  },
}

export const NotSignedInYet: Story = {
  parameters: {
    stage: {
      user: 'loading',
      note: { sees: 'A grey button.', hears: '“dimmed”, until it is known who is signed in.', can: 'Wait a moment.' },
    },
  },
}

export const GeneralWords: Story = {
  args: { messages: {} },
  parameters: {
    stage: {
      note: {
        sees: '“Continue”: what a team gets that has written no words yet.',
        hears: '“Continue, button”. Better: pass `messages`, or `children` for the label alone.',
        can: 'Click once.',
      },
    },
  },
}

export const InAForm: Story = {
  args: {
    type: 'submit',
    request: (form) => ({ appointmentId: 'apt-123', scheduledAt: `${form.get('day')}T09:00:00Z` }),
    children: 'Move appointment',
    onSuccess: fn(),
  },
  render: (args) => (
    <form className="stage-form" aria-label="Move appointment">
      <label>
        New day
        <input type="date" name="day" required />
      </label>
      <RescheduleButton {...args} />
    </form>
  ),
  parameters: {
    stage: {
      note: {
        sees: 'A field and its submit button. An empty field is the browser’s own message, and nothing is sent.',
        hears: 'As any form.',
        can: 'Press Enter in the field or click; a real double click submits twice and is sent once.',
      },
    },
  },
  play: async ({ canvasElement }) => {
    const button = within(canvasElement).getByRole('button', { name: 'Move appointment' })
    await userEvent.click(button)
    await expect(stageClient().submissions).toHaveLength(0)
    const field = within(canvasElement).getByLabelText('New day')
    await userEvent.type(field, '2026-11-27')
    await userEvent.dblClick(button)
    await expect(stageClient().submissions.map((submission) => submission.request)).toEqual([request])
  },
}
