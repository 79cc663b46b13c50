import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor, within } from 'storybook/test'
import { BookingConfirmButton, LeadStatusButton, OfflineIndicator, SendSMSButton } from '../../src/index.js'
import { buttonIn, partIn } from '../stage/partIn.js'
import { wordsOf } from '../stage/wordsOf.js'

const meta: Meta = {
  title: 'Overview/Toolbars',
  render: () => (
    <div className="stage-toolbar">
      <OfflineIndicator alwaysShown />
      <BookingConfirmButton appointmentId="apt-123" />
      <SendSMSButton leadId="lead-123" message="Hi Anna" />
      <LeadStatusButton leadId="lead-124" currentStatus="contacted" />
    </div>
  ),
}
export default meta
type Story = StoryObj

const stagesOf = (element: HTMLElement) => [...element.querySelectorAll<HTMLElement>('.stage')]
const background = (element: Element | undefined) => element && getComputedStyle(element).backgroundColor

export const Dark: Story = {
  globals: { theme: 'dark' },
  play: async ({ canvasElement }) => {
    await expect(background(stagesOf(canvasElement)[0])).toBe('rgb(17, 24, 39)')
  },
}

export const SideBySide: Story = {
  globals: { theme: 'both' },
  play: async ({ canvasElement }) => {
    await expect(stagesOf(canvasElement).map(background)).toEqual(['rgb(255, 255, 255)', 'rgb(17, 24, 39)'])
  },
}

export const German: Story = {
  globals: { locale: 'de' },
  play: async ({ canvasElement }) => {
    // Set by an effect of the stage, which may come after the first rendering.
    await waitFor(() => expect(document.documentElement.lang).toBe('de'))
    await expect(within(canvasElement).getByRole('button', { name: 'Termin bestätigen' })).toBeVisible()
    await expect(within(canvasElement).getByRole('button', { name: 'Status von Marco Ruiz: Kontaktiert' })).toBeVisible()
  },
}

export const ArabicFromTheRight: Story = {
  globals: { locale: 'ar', direction: 'rtl' },
  play: async ({ canvasElement }) => {
    const chip = within(canvasElement).getByRole('button', { name: /حالة/ })
    await expect(getComputedStyle(chip).direction).toBe('rtl')
    await expect(within(canvasElement).getByRole('button', { name: 'تأكيد الحجز' })).toBeVisible()
  },
}

/** The page is told not to move; the setting goes away with the story. */
export const ReducedMotion: Story = {
  globals: { motion: 'reduced' },
  play: async ({ canvasElement }) => {
    const button = buttonIn(canvasElement, 'BookingConfirmButton')
    await waitFor(() => expect(getComputedStyle(button).transitionDuration).toBe('0s'))
  },
}

export const Offline: Story = {
  globals: { network: 'offline' },
  play: async ({ canvasElement, globals }) => {
    const { offline, actions } = wordsOf({ globals })
    buttonIn(canvasElement, 'BookingConfirmButton').click()
    const line = await waitFor(() => partIn(canvasElement, 'status-text'))
    await expect(line).toHaveTextContent(offline)
    await expect(line).toHaveTextContent(actions['booking.confirm'].queued({}))
  },
}
