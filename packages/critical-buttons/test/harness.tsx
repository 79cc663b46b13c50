import { jest } from '@jest/globals'
import { createSyncHarness, type HarnessOptions, type SyncHarness } from '@org/sync-core/testing'
import { act, type RenderResult, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { CriticalButtonsProvider, type CriticalButtonsProviderProps } from '../src/provider/CriticalButtonsProvider.js'

/** A page with the real client over the fake server. */
export interface Page extends RenderResult {
  sync: SyncHarness
  /** Lets everything come to rest that needs no time, and React with it. */
  rest: () => Promise<void>
  advance: (ms: number) => Promise<void>
  /** Closes the page as a crash would, and opens it again with the same content. */
  reload: (content?: ReactNode) => Promise<RenderResult>
  /** Puts something else on the page. */
  show: (content: ReactNode) => Promise<void>
}

const open: { close: () => void }[] = []

/** Opens a page. Call `closePages` after each test. */
export async function openPage(
  content: ReactNode,
  options: HarnessOptions = {},
  provider: Partial<CriticalButtonsProviderProps> = {},
): Promise<Page> {
  const { offline = false, ...settings } = options
  const sync = await createSyncHarness(settings)
  // One clock for the client and for what people read about time.
  const clock = jest.spyOn(Date, 'now').mockImplementation(sync.clock.now)
  open.push(sync, { close: () => clock.mockRestore() })
  const around = (inside: ReactNode) => (
    <CriticalButtonsProvider {...provider} options={undefined} client={sync.client}>
      {inside}
    </CriticalButtonsProvider>
  )
  let page = render(around(content))
  const rest = async () => act(() => sync.settle())
  await rest()
  // Who is signed in is known from an earlier moment online, as on a real page.
  if (offline) await act(() => sync.goOffline())
  return {
    ...page,
    sync,
    rest,
    advance: async (ms) => act(() => sync.advance(ms)),
    reload: async (next = content) => {
      page.unmount()
      await sync.reload()
      page = render(around(next))
      await rest()
      return page
    },
    show: async (next) => {
      page.rerender(around(next))
      await rest()
    },
  }
}

export function closePages(): void {
  for (const sync of open.splice(0)) sync.close()
}
