import { type LeadStatusEntry, leadUpdateStatus, VALID_STATUSES } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { buttonIn, partIn } from '../../.storybook/stage/partIn.js'
import { playedInDocs } from '../../.storybook/stage/playedInDocs.js'
import { stateStories } from '../../.storybook/stage/stateStory.js'
import { wordsOf } from '../../.storybook/stage/wordsOf.js'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { statusColors } from '../tailwind/index.js'
import { LeadStatusButton } from './LeadStatusButton.js'

const meta = {
  title: 'Components/LeadStatusButton',
  tags: ['autodocs'],
  component: LeadStatusButton,
  args: { leadId: 'lead-124', currentStatus: 'contacted' },
} satisfies Meta<typeof LeadStatusButton>
export default meta
type Story = StoryObj<typeof meta>

const state = stateStories({
  action: leadUpdateStatus,
  request: { leadId: 'lead-124', status: 'qualified' },
  words: {
    label: 'Qualified',
    done: 'Qualified',
    pending: 'Changing status of Marco Ruiz to Qualified',
    success: 'Status of Marco Ruiz changed to Qualified',
    queued: 'You are offline. Status will be changed when you reconnect',
    failed: 'Status not changed',
  },
})

export const Idle: Story = {
  parameters: {
    stage: {
      note: {
        sees: 'The status as a chip: colour, border, drawing and text, so that no one depends on colour.',
        hears: '“Status of Marco Ruiz: Contacted, menu button”.',
        can: 'Open the menu by click, Enter, Space or an arrow key. No stray letter changes anything.',
      },
    },
  },
}

export const AllStatuses: Story = {
  parameters: {
    stage: {
      note: {
        sees: 'Each status in its colour, with a border and text. Blue and purple look alike to some people, so colour is never alone.',
        hears: 'The status, and that it is a menu button; “won” is dimmed.',
        can: 'Open any but “won”, which is final.',
      },
    },
  },
  render: () => (
    <div className="stage-toolbar">
      {VALID_STATUSES.map(({ value }) => (
        <LeadStatusButton key={value} leadId={`none-${value}`} currentStatus={value} />
      ))}
    </div>
  ),
}

export const MenuOpen: Story = {
  parameters: {
    ...playedInDocs(480),
    stage: {
      note: {
        sees: 'All statuses, the present one marked. Without room below, the menu opens above.',
        hears: '“Status of Marco Ruiz, menu”; each entry with “checked” or not.',
        can: 'Arrow keys, Home, End or a first letter move; Enter or Space chooses; Escape and Tab close without a change.',
      },
    },
  },
  play: async ({ canvasElement, globals }) => {
    const { chooseStatus, statuses } = wordsOf({ globals })
    await userEvent.click(buttonIn(canvasElement))
    const menu = within(canvasElement).getByRole('menu', { name: chooseStatus('Marco Ruiz') })
    await expect(within(menu).getByRole('menuitemradio', { name: statuses.contacted })).toHaveFocus()
    await userEvent.keyboard('{ArrowDown}')
    await expect(within(menu).getByRole('menuitemradio', { name: statuses.qualified })).toHaveFocus()
  },
}

export const Confirming: Story = {
  parameters: {
    ...playedInDocs(),
    stage: {
      note: {
        sees: 'The question for final states, with the name of the lead and the new status.',
        hears: 'Title and text; the focus is on Cancel.',
        can: 'Confirm, cancel, or press Escape; other statuses are set without asking.',
      },
    },
  },
  args: {
    variant: 'with-confirm',
    confirmMessage: { won: 'Mark this lead as won? This is final.', lost: 'Mark this lead as lost? You can reopen later.' },
  },
  play: async ({ canvasElement, globals }) => {
    const { actions, statuses } = wordsOf({ globals })
    const { confirmTitle, confirmLabel } = actions['lead.updateStatus']
    const words = { subject: 'Marco Ruiz', status: statuses.won }
    await userEvent.click(buttonIn(canvasElement))
    await userEvent.click(within(canvasElement).getByRole('menuitemradio', { name: statuses.won }))
    const dialog = within(canvasElement).getByRole('alertdialog', { name: confirmTitle(words) })
    await expect(dialog).toHaveTextContent('This is final.')
    await expect(within(dialog).getByRole('button', { name: confirmLabel(words) })).toBeVisible()
  },
}

export const Running: Story = state('running')
export const Retrying: Story = state('retrying')
export const Queued: Story = state('queued')
export const CircuitOpen: Story = state('circuit-open')
export const Checking: Story = state('checking')
export const Success: Story = {
  ...state('success'),
  play: async ({ canvasElement, globals }) => {
    const chip = buttonIn(canvasElement)
    await waitFor(() => expect(chip).toHaveAttribute('data-state', 'success'))
    await expect(chip).toHaveAttribute('data-status', 'qualified')
    await expect(partIn(chip, 'label')).toHaveTextContent(wordsOf({ globals }).statuses.qualified ?? '')
  },
}
export const Conflict: Story = state('conflict', {
  answer: { lead: aLead({ id: 'lead-124', name: 'Marco Ruiz', version: 2, status: 'negotiating', updated_by: 'ben' }) },
})
export const Failed: Story = state('error')
export const OutcomeUnknown: Story = state('unknown')

export const FinalStatus: Story = {
  args: { leadId: 'none', currentStatus: 'won' },
  parameters: { stage: { note: { sees: 'No arrow: won is final.', hears: '“dimmed”.', can: 'Nothing.' } } },
}

export const Disabled: Story = {
  args: { variant: 'disabled' },
  parameters: {
    stage: {
      note: {
        sees: 'The chip without its arrow.',
        hears: '“dimmed”.',
        can: 'Reach it by keyboard; it does not open.',
      },
    },
  },
}

export const NotSignedInYet: Story = {
  parameters: {
    stage: {
      user: 'loading',
      note: { sees: 'The ordinary chip.', hears: '“dimmed”, until it is known who is signed in.', can: 'Wait a moment.' },
    },
  },
}

const STAGES: LeadStatusEntry[] = [
  { value: 'inbox', label: 'Inbox', color: 'blue' },
  { value: 'on_hold', label: 'On hold' },
  { value: 'archived', label: 'Archived', final: true },
]

export const OwnStatuses: Story = {
  parameters: {
    stage: {
      note: {
        sees: 'The words and colours of a team’s own statuses; gray with a dot where it named none, and no arrow at a final one.',
        hears: 'The same words.',
        can: 'Choose among these, once they are named in `leadStatuses`.',
      },
    },
  },
  render: () => (
    <CriticalButtonsProvider leadStatuses={STAGES}>
      <div className="stage-toolbar">
        {STAGES.map(({ value }) => (
          <LeadStatusButton key={value} leadId={value} currentStatus={value} />
        ))}
      </div>
    </CriticalButtonsProvider>
  ),
  play: async ({ canvasElement }) => {
    await userEvent.click(within(canvasElement).getByRole('button', { name: /On hold/ }))
    await expect(
      within(canvasElement)
        .getAllByRole('menuitemradio')
        .map((item) => item.textContent),
    ).toEqual(['Inbox', 'On hold', 'Archived'])
    await userEvent.keyboard('{Escape}')
  },
}

export const OwnColours: Story = {
  parameters: {
    stage: {
      note: {
        sees: 'A tone of the palette, own colours, and Tailwind classes, side by side.',
        hears: 'The same as ever: colours change nothing that is said.',
        can: 'Set them once, in the provider’s `statusColors`.',
      },
    },
  },
  render: () => (
    <div className="stage-toolbar">
      <LeadStatusButton leadId="a" currentStatus="new" statusColors={{ new: { tone: 'gray' } }} />
      <LeadStatusButton leadId="b" currentStatus="new" statusColors={{ new: { bg: '#0f172a', fg: '#f8fafc', border: '#0f172a' } }} />
      <LeadStatusButton leadId="c" currentStatus="new" statusColors={statusColors} />
    </div>
  ),
}
