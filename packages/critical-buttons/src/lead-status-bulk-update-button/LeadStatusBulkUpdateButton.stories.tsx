import { aLead } from '@org/contracts/testing'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { actionIn, buttonIn, partIn } from '../../.storybook/stage/partIn.js'
import { playedInDocs } from '../../.storybook/stage/playedInDocs.js'
import type { StageNote } from '../../.storybook/stage/StageParameters.js'
import { stageClient } from '../../.storybook/stage/stageClient.js'
import { wordsOf } from '../../.storybook/stage/wordsOf.js'
import type { Messages } from '../messages/Messages.js'
import type { PhaseSetting } from '../testing/PhaseSetting.js'
import { LeadStatusBulkUpdateButton } from './LeadStatusBulkUpdateButton.js'

/** More than one request holds. */
const MANY = Array.from({ length: 400 }, (_, index) => `lead-${index + 1}`)

const meta = {
  title: 'Components/LeadStatusBulkUpdateButton',
  tags: ['autodocs'],
  component: LeadStatusBulkUpdateButton,
  args: { leadIds: ['lead-123', 'lead-124', 'lead-125'], targetStatus: 'contacted' },
} satisfies Meta<typeof LeadStatusBulkUpdateButton>
export default meta
type Story = StoryObj<typeof meta>

/** Each of these would need a frame of its own on the docs page, or be at rest there; three frames are enough for a page. */
const NOT_IN_DOCS = ['!autodocs']

/** A bulk button shows what it submitted itself, so these stories click first. */
async function click({ canvasElement }: { canvasElement: HTMLElement }): Promise<void> {
  await userEvent.click(buttonIn(canvasElement))
}

export const Idle: Story = {
  parameters: {
    stage: { note: { sees: 'How many and what will become of them.', hears: '“Mark 3 leads as contacted, button”.', can: 'Click once.' } },
  },
}

export const Running: Story = {
  args: { leadIds: MANY, variant: 'with-progress' },
  parameters: {
    ...playedInDocs(260),
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
    const failures = MANY.slice(0, 2).map((leadId) => ({ leadId, code: 'ROW_BUSY' }))
    const part = { success: false, updated: 198, failed: 2, unchanged: 0, message: '', leads: [], failures }
    await stageClient().answer({ status: 207, body: part }, `${stageClient().submissions[0]?.id}_0001`)
    await waitFor(() => expect(within(context.canvasElement).getByRole('progressbar')).toHaveAttribute('aria-valuenow', '200'))
  },
}

/** A state that comes after the click. */
function after(setting: PhaseSetting, note: StageNote, textIn?: (words: Messages) => string): Story {
  return {
    tags: NOT_IN_DOCS,
    parameters: { stage: { note } },
    play: async (context) => {
      await click(context)
      await stageClient().drive(setting)
      await waitFor(() => expect(buttonIn(context.canvasElement)).toHaveAttribute('data-state', setting.phase))
      const text = textIn?.(wordsOf(context)) ?? /\S/
      await waitFor(() => expect(partIn(context.canvasElement, 'status-text')).toHaveTextContent(text))
    },
  }
}

export const Retrying: Story = after(
  { phase: 'retrying' },
  {
    sees: 'The spinner goes on; below it the attempt that is under way.',
    hears: 'The attempt, at most every five seconds.',
    can: 'Wait, or cancel: the server is asked first whether it has already happened.',
  },
  (words) => words.actions['lead.bulkUpdateStatus'].stillPending({}),
)

export const CircuitOpen: Story = after(
  { phase: 'circuit-open' },
  {
    sees: 'A pause sign, and when it goes on by itself.',
    hears: 'Once: “Service is busy. Trying again in about 30 seconds”.',
    can: 'Wait, try now, or cancel.',
  },
  (words) => words.busy,
)

export const Checking: Story = after(
  { phase: 'checking' },
  {
    sees: 'The spinner; the server has it and is finding out what became of it.',
    hears: '“Checking whether it went through”.',
    can: 'Wait or leave. It is never sent a second time.',
  },
  (words) => words.checking,
)

export const Conflict: Story = after(
  { phase: 'conflict' },
  {
    sees: 'That nothing was saved because the leads were changed by someone else.',
    hears: 'The same, at once.',
    can: 'Look at them; try again, or dismiss.',
  },
)

export const OutcomeUnknown: Story = after(
  { phase: 'unknown' },
  {
    sees: 'That nobody knows whether it took effect.',
    hears: 'The same, at once.',
    can: 'Look at the leads; check again, which asks the server first; or dismiss.',
  },
  (words) => words.unknown,
)

export const Queued: Story = {
  tags: NOT_IN_DOCS,
  parameters: {
    stage: {
      offline: true,
      note: {
        sees: 'A clock, and in words that it waits for the network.',
        hears: '“You are offline. 3 leads will be updated when you reconnect”.',
        can: 'Undo: nothing has left this device yet. Close the page: it is sent at the next visit.',
      },
    },
  },
  play: async (context) => {
    await click(context)
    await expect(actionIn(context.canvasElement, 'undo')).toBeVisible()
  },
}

export const Partial: Story = {
  parameters: {
    ...playedInDocs(260),
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
    await stageClient().drive({ phase: 'partial', answer: { failures } })
    const retry = await waitFor(() => actionIn(context.canvasElement, 'retryFailed'))
    await expect(retry).toHaveTextContent(wordsOf(context).buttons.retryFailed(1))
    await userEvent.click(retry)
    await expect(stageClient().submissions.at(-1)?.request).toEqual({ leadIds: ['lead-125'], status: 'contacted' })
    await stageClient().drive({ phase: 'partial', answer: { updated: 0, failures } })
  },
}

export const Success: Story = {
  tags: NOT_IN_DOCS,
  parameters: {
    stage: {
      // None of them has the status already.
      rows: { leads: ['lead-123', 'lead-124', 'lead-125'].map((id) => aLead({ id })) },
      note: {
        sees: '“3 leads updated” with a check mark, for two seconds.',
        hears: '“3 leads changed to Contacted”.',
        can: 'Go on.',
      },
    },
  },
  play: async (context) => {
    const { done } = wordsOf(context).actions['lead.bulkUpdateStatus']
    const client = stageClient()
    client.keepsSuccess = true
    await click(context)
    await client.succeed()
    await expect(await within(context.canvasElement).findByText(done({ count: 3 }))).toBeVisible()
  },
}

export const Failed: Story = {
  tags: NOT_IN_DOCS,
  parameters: {
    stage: {
      note: {
        sees: '“Leads not updated” and why. It stays until someone acts.',
        hears: 'The same, at once, and that it can be tried again.',
        can: 'Try again (a new click with a new key), or dismiss.',
      },
    },
  },
  play: async (context) => {
    await click(context)
    await stageClient().fail('EFFECT_REFUSED')
    const text = wordsOf(context).actions['lead.bulkUpdateStatus'].failed({})
    await waitFor(() => expect(partIn(context.canvasElement, 'status-text')).toHaveTextContent(text))
  },
}

export const NothingSelected: Story = {
  args: { leadIds: [] },
  parameters: {
    stage: {
      note: {
        sees: 'A grey button.',
        hears: '“Mark 0 leads as contacted, dimmed”.',
        can: 'Select leads first.',
      },
    },
  },
}

export const Disabled: Story = {
  args: { variant: 'disabled' },
  parameters: {
    stage: {
      note: {
        sees: 'A grey button.',
        hears: '“dimmed”.',
        can: 'Reach it by keyboard; clicks do nothing.',
      },
    },
  },
}

export const Confirming: Story = {
  args: { variant: 'with-confirm', targetStatus: 'lost' },
  parameters: {
    ...playedInDocs(),
    stage: {
      note: {
        sees: 'How many leads, and what becomes of them.',
        hears: 'Title and text; the focus is on Cancel.',
        can: 'Confirm, cancel, or press Escape.',
      },
    },
  },
  play: async (context) => {
    await click(context)
    const { actions, statuses } = wordsOf(context)
    const name = actions['lead.bulkUpdateStatus'].confirmTitle({ count: 3, status: statuses.lost })
    await expect(within(context.canvasElement).getByRole('alertdialog', { name })).toBeVisible()
  },
}
