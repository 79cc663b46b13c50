import './src/index.css'
import { CriticalButtonsProvider } from '@org/critical-buttons'
import { createFakeSyncClient } from '@org/critical-buttons/testing'
import { createRoot } from 'react-dom/client'
import { AriaConfirm } from './src/buttons/AriaConfirm.js'
import { BaseConfirm } from './src/buttons/BaseConfirm.js'
import { MuiConfirm } from './src/buttons/MuiConfirm.js'
import { ShadcnConfirm } from './src/buttons/ShadcnConfirm.js'
import { TailwindConfirm } from './src/buttons/TailwindConfirm.js'

const RECIPES = { MUI: MuiConfirm, shadcn: ShadcnConfirm, 'Base UI': BaseConfirm, 'React Aria': AriaConfirm, 'Tailwind 4': TailwindConfirm }
const titleOf = (id: string) => `Visit of ${id}`

const client = await createFakeSyncClient({
  rows: { appointments: Object.keys(RECIPES).map((id) => ({ id, version: 1, title: titleOf(id), status: 'pending' })) },
})
/** What tests look at and do. */
Object.assign(globalThis, {
  sentRequests: () => client.submissions.map(({ request }) => request),
  answerConfirmed: () => client.succeed(),
  answerRefused: () => client.fail({ code: 'FORBIDDEN', message: 'Somebody else has it.' }),
})

createRoot(document.getElementById('root') as HTMLElement).render(
  <CriticalButtonsProvider client={client}>
    <h1 className="sr-only">Recipes</h1>
    {Object.entries(RECIPES).map(([name, Recipe]) => (
      <section key={name} data-recipe={name} className="flex items-start gap-4 p-4">
        <h2 className="w-24 py-2">{name}</h2>
        <Recipe appointmentId={name} />
      </section>
    ))}
  </CriticalButtonsProvider>,
)
