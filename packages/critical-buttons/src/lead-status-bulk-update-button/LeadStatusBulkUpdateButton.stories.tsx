import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, within } from 'storybook/test'
import { stageClient } from '../../.storybook/stage/stageClient.js'
import { phaseFields } from '../testing/driveToPhase.js'
import { LeadStatusBulkUpdateButton } from './LeadStatusBulkUpdateButton.js'

const MANY = Array.from({ length: 120 }, (_, index) => `lead-${index + 1}`)

const meta = {
  title: 'Components/LeadStatusBulkUpdateButton',
  component: LeadStatusBulkUpdateButton,
  args: { leadIds: ['lead-123', 'lead-124', 'lead-125'], targetStatus: 'contacted' },
} satisfies Meta<typeof LeadStatusBulkUpdateButton>
export default meta
type Story = StoryObj<typeof meta>

/** A bulk button shows what it submitted itself, so these stories click first. */
async function click({ canvasElement }: { canvasElement: HTMLElement }): Promise<void> {
  await userEvent.click(within(canvasElement).getByRole('button', { name: /^Mark/ }))
}

export const Idle: Story = {
  parameters: {
    stage: { note: { sees: 'How many and what will become of them.', hears: '“Mark 3 leads as contacted, button”.', can: 'Click once.' } },
  },
}

export const Running: Story = {
  args: { leadIds: MANY, variant: 'with-progress' },
  parameters: {
    stage: {
      note: {
        sees: 'How many of them are done, and how many failed.',
        hears: 'The same at 25, 50, 75 and 100 %.',
        can: 'Change the selection or leave the page: it goes on, also after a reload.',
      },
    },
  },
  play: async (context) => {
    await click(context)
    stageClient().drive({ progress: { processed: 40, total: 120, failed: 2 } })
    await expect(await within(context.canvasElement).findByRole('progressbar')).toHaveAttribute('aria-valuenow', '40')
  },
}

export const Queued: Story = {
  parameters: { stage: { connectivity: { online: false } } },
  play: async (context) => {
    await click(context)
    await expect(within(context.canvasElement).getByRole('button', { name: 'Undo' })).toBeVisible()
  },
}

export const Partial: Story = {
  parameters: {
    stage: {
      note: {
        sees: 'How many worked, how many did not, and for each of those the name and the reason.',
        hears: 'The same, at once.',
        can: 'Retry only the failed ones.',
      },
    },
  },
  play: async (context) => {
    await click(context)
    const failures = [{ leadId: 'lead-125', code: 'ROW_BUSY' }]
    stageClient().drive(phaseFields({ phase: 'partial', error: { updated: 2, failed: 1, failures } }))
    await userEvent.click(await within(context.canvasElement).findByRole('button', { name: 'Retry the 1 failed' }))
    await expect(stageClient().submissions.at(-1)?.request).toEqual({ leadIds: ['lead-125'], status: 'contacted' })
    stageClient().drive(phaseFields({ phase: 'partial', error: { updated: 2, failed: 1, failures } }))
  },
}

export const Success: Story = {
  play: async (context) => {
    const client = stageClient()
    client.dismiss = () => {}
    await click(context)
    client.succeed({ success: true, updated: 3, failed: 0, unchanged: 0, message: '', leads: [], failures: [] })
    await expect(await within(context.canvasElement).findByText('3 leads updated')).toBeVisible()
  },
}

export const Failed: Story = {
  play: async (context) => {
    await click(context)
    stageClient().fail({ code: 'INTERNAL', message: 'Something went wrong on our side. It is safe to try again.' })
    await expect(await within(context.canvasElement).findByText(/Leads not updated/)).toBeVisible()
  },
}

export const NothingSelected: Story = { args: { leadIds: [] } }

export const Confirming: Story = {
  args: { variant: 'with-confirm', targetStatus: 'lost' },
  play: async (context) => {
    await click(context)
    await expect(within(context.canvasElement).getByRole('alertdialog', { name: 'Mark 3 leads as lost?' })).toBeVisible()
  },
}
