import { bookingConfirm } from '@org/contracts'
import { anAppointment } from '@org/contracts/testing'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, within } from 'storybook/test'
import { buttonIn, partIn } from '../../.storybook/stage/partIn.js'
import { playedInDocs } from '../../.storybook/stage/playedInDocs.js'
import { stateStories } from '../../.storybook/stage/stateStory.js'
import { wordsOf } from '../../.storybook/stage/wordsOf.js'
import { BookingConfirmButton } from './BookingConfirmButton.js'

const meta = {
  title: 'Components/BookingConfirmButton',
  tags: ['autodocs'],
  component: BookingConfirmButton,
  args: { appointmentId: 'apt-123' },
  argTypes: { onSuccess: { table: { type: { summary: '(appointment: AppointmentRow) => void' } } } },
} satisfies Meta<typeof BookingConfirmButton>
export default meta
type Story = StoryObj<typeof meta>

const state = stateStories({
  action: bookingConfirm,
  request: { appointmentId: 'apt-123' },
  words: {
    label: 'Confirm booking',
    done: 'Confirmed',
    pending: 'Confirming booking: First consultation',
    success: 'Booking confirmed: First consultation',
    queued: 'You are offline. Booking will be confirmed when you reconnect',
    failed: 'Booking not confirmed',
  },
})

export const Idle: Story = {
  parameters: {
    stage: {
      note: {
        sees: 'Verb and object.',
        hears: '“Confirm booking, button”.',
        can: 'Click once. A second click of a double click does nothing.',
      },
    },
  },
}

export const Confirming: Story = {
  args: { variant: 'with-confirm', confirmMessage: 'Are you sure you want to confirm this appointment?' },
  parameters: {
    ...playedInDocs(),
    stage: {
      note: {
        sees: 'A question with a title, the text, and two buttons: Cancel, and verb and object.',
        hears: 'Title and text; the focus is on Cancel.',
        can: 'Confirm, cancel, or press Escape. A click beside the dialog does nothing.',
      },
    },
  },
  play: async ({ canvasElement, globals }) => {
    await userEvent.click(buttonIn(canvasElement))
    const dialog = within(canvasElement).getByRole('alertdialog', {
      name: wordsOf({ globals }).actions['booking.confirm'].confirmTitle({}),
    })
    await expect(partIn(dialog, 'dialog-cancel')).toHaveFocus()
  },
}

export const Running: Story = state('running')
export const WithProgress: Story = { ...state('retrying'), args: { variant: 'with-progress' } }
export const Retrying: Story = state('retrying')
export const Queued: Story = state('queued')
export const CircuitOpen: Story = state('circuit-open')
export const Checking: Story = state('checking')
export const Success: Story = state('success')
export const Conflict: Story = state('conflict', {
  answer: { appointment: anAppointment({ version: 2, updated_by: 'ben', status: 'cancelled' }) },
})
export const Failed: Story = state('error')

export const AlreadyConfirmed: Story = state(
  'error',
  { code: 'ALREADY_CONFIRMED' },
  {
    rows: { appointments: [anAppointment({ version: 2, status: 'confirmed' })] },
    note: {
      sees: '“Confirmed”, and quietly that someone was faster: no failure in the person’s eyes.',
      hears: '“Appointment is already confirmed”.',
      can: 'Dismiss the note.',
    },
  },
)

export const OutcomeUnknown: Story = state('unknown')

export const Confirmed: Story = {
  args: { appointmentId: 'apt-124' },
  parameters: {
    stage: {
      note: { sees: '“Confirmed”, for good: the row says so.', hears: '“Confirmed, button, dimmed”.', can: 'Nothing is left to do.' },
    },
  },
}

export const Disabled: Story = {
  args: { variant: 'disabled' },
  parameters: {
    stage: {
      note: { sees: 'A grey button.', hears: '“Confirm booking, button, dimmed”.', can: 'Reach it by keyboard; clicks do nothing.' },
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
