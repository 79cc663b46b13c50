import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor, within } from 'storybook/test'
import { BookingConfirmButton, LeadStatusButton, OfflineIndicator, SendSMSButton } from '../../src/index.js'

const meta: Meta = {
  title: 'Overview/Toolbars',
  render: () => (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: '1rem' }}>
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
    await expect(document.documentElement.lang).toBe('de')
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
    const button = within(canvasElement).getByRole('button', { name: 'Confirm booking' })
    await waitFor(() => expect(getComputedStyle(button).transitionDuration).toBe('0s'))
  },
}

export const Offline: Story = {
  globals: { network: 'offline' },
  play: async ({ canvasElement }) => {
    const button = within(canvasElement).getByRole('button', { name: 'Confirm booking' })
    button.click()
    await expect(await within(canvasElement).findByText(/You are offline. Booking will be confirmed/)).toBeVisible()
  },
}
