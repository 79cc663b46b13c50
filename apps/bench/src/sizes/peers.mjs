/** What the peers' pages install, in the versions that were measured. */
export const PEER_PACKAGES = {
  '@tanstack/react-query': '^5.90.0',
  '@tanstack/db': '0.8.7',
  '@tanstack/offline-transactions': '1.0.53',
  '@base-ui/react': '1.9.0',
  'react-aria-components': '1.22.1',
  'radix-ui': '1.8.1',
}

/**
 * Pages of peers. The first does what our hook does: it keeps a click over a reload, tries it again and leads one tab. The
 * others are what our button and its dialog, menu and progress would be made of: parts alone, with nothing behind them.
 */
export const PEERS = [
  {
    name: 'TanStack Query + offline-transactions + db',
    like: 'hook',
    code: `import { createCollection } from '@tanstack/db'
import { startOfflineExecutor } from '@tanstack/offline-transactions'
import { QueryClient, QueryClientProvider, useMutation } from '@tanstack/react-query'
const client = new QueryClient()
const appointments = createCollection({ id: 'appointments', getKey: ({ id }) => id, sync: { sync: ({ markReady }) => markReady() } })
const offline = startOfflineExecutor({
  collections: { appointments },
  mutationFns: { confirm: ({ idempotencyKey }) => fetch('/api/confirm', { method: 'POST', headers: { 'Idempotency-Key': idempotencyKey } }) },
})
function Confirm() {
  const { mutate, status } = useMutation({
    mutationFn: async (id) => {
      const transaction = offline.createOfflineTransaction({ mutationFnName: 'confirm', autoCommit: false })
      transaction.mutate(() => appointments.insert({ id, status: 'confirmed' }))
      await transaction.commit()
    },
  })
  return jsx('button', { onClick: () => mutate('apt-123'), children: status })
}
export function Page() {
  return jsx(QueryClientProvider, { client, children: jsx(Confirm, {}) })
}`,
  },
  {
    name: 'Base UI: dialog, menu, progress, popover',
    like: 'one button',
    code: `import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Menu } from '@base-ui/react/menu'
import { Popover } from '@base-ui/react/popover'
import { Progress } from '@base-ui/react/progress'
globalThis.parts = [AlertDialog, Menu, Popover, Progress]
export function Page() {
  return jsx(AlertDialog.Root, { children: jsx(AlertDialog.Trigger, { children: 'Confirm' }) })
}`,
  },
  {
    name: 'React Aria Components: button, dialog, menu, progress',
    like: 'one button',
    code: `import { Button, Dialog, DialogTrigger, Menu, MenuItem, MenuTrigger, Modal, Popover, ProgressBar } from 'react-aria-components'
globalThis.parts = [Dialog, DialogTrigger, Menu, MenuItem, MenuTrigger, Modal, Popover, ProgressBar]
export function Page() {
  return jsx(Button, { children: 'Confirm' })
}`,
  },
  {
    name: 'Radix: dialog, menu, progress, popover',
    like: 'one button',
    code: `import { AlertDialog, DropdownMenu, Popover, Progress } from 'radix-ui'
globalThis.parts = [AlertDialog, DropdownMenu, Popover, Progress]
export function Page() {
  return jsx(AlertDialog.Root, { children: jsx(AlertDialog.Trigger, { children: 'Confirm' }) })
}`,
  },
]
