import { smsSend } from '@org/contracts'
import axe from 'axe-core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import inspectorCss from '../../src/styles/inspector.css?inline'
import { SyncInspector } from '../../src/sync-inspector/SyncInspector.js'
import { clearStage, emulate, one, openStage, SHEETS } from './stage.js'

afterEach(clearStage)

const SECRET = 'Hi Anna, the door code is 4711'

async function open() {
  const stage = await openStage(<SyncInspector />, {
    styles: [SHEETS.layered, inspectorCss, 'body { background: var(--cb-color-surface) }'],
  })
  const { client } = stage
  client.submit(smsSend, { leadId: 'lead-123', message: SECRET })
  await client.fail({ code: 'SMS_REJECTED', message: 'Something went wrong.' })
  return stage
}

describe('SyncInspector', () => {
  it('shows a dead letter with its reason, and neither message texts nor phone numbers', async () => {
    await open()
    const panel = one('[data-component="SyncInspector"]')
    await vi.waitFor(() => expect(panel).toHaveTextContent('SMS_REJECTED: Something went wrong.'))
    expect(panel).toHaveTextContent('sms.send')
    expect(panel.textContent).not.toContain('4711')
  })

  it('retries and discards by keyboard', async () => {
    const { client } = await open()
    await vi.waitFor(() => one('[data-action="retry"]'))
    one('[data-action="retry"]').focus()
    await userEvent.keyboard('{Enter}')
    // A refusal starts anew: with a key of its own.
    await vi.waitFor(() => expect(client.getQueue()).toMatchObject([{ state: 'sending' }]))
    await vi.waitFor(() => one('[data-action="discard"]'))
    one('[data-action="discard"]').focus()
    await userEvent.keyboard('{Enter}')
    await vi.waitFor(() => expect(one('[data-component="SyncInspector"]')).toHaveTextContent('Nothing waits.'))
  })

  it.each([
    ['light', {}],
    ['dark', {}],
    ['forced colours', { 'forced-colors': 'active' }],
  ] as const)('has no fault that axe finds, %s', async (theme, features) => {
    await emulate(features)
    document.documentElement.style.colorScheme = theme === 'dark' ? 'dark' : 'light'
    await open()
    await vi.waitFor(() => one('[data-action="retry"]'))
    const { violations } = await axe.run(one('[data-component="SyncInspector"]'), {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'],
    })
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  })
})
