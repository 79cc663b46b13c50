import { describe, expect, it } from '@jest/globals'
import { smsSend } from '@org/contracts'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { MutationController } from './MutationController.js'

const A = { leadId: 'lead-123', message: 'A' }
const B = { leadId: 'lead-123', message: 'B' }

/** A was clicked, then B; a further click on A joins the first, as it does when the server has taken that over. */
function clickABA() {
  const client = createFakeSyncClient()
  client.setConnectivity({ online: false })
  const controller = new MutationController(client, smsSend, 'lead:lead-123:sms')
  controller.subscribe(() => {})
  const first = client.submit(smsSend, A)
  client.drive({ phase: 'checking' }, first.id)
  client.submit(smsSend, B)
  const submit = client.submit
  client.submit = () => first as never
  controller.mutate(A)
  client.submit = submit
  const shown = () => (controller.getSnapshot().view?.request as typeof A | undefined)?.message
  return { client, controller, shown, first }
}

describe('MutationController', () => {
  it('shows the newest of its lane', () => {
    const client = createFakeSyncClient()
    const controller = new MutationController(client, smsSend, 'lead:lead-123:sms')
    client.submit(smsSend, A)
    client.submit(smsSend, B)
    expect(controller.getSnapshot().view?.request).toEqual(B)
  })

  it('shows the mutation a click has joined, though its lane has a newer one', () => {
    const { client, shown } = clickABA()
    expect(client.submissions).toHaveLength(2)
    expect(shown()).toBe('A')
  })

  it('goes back to its lane when that has something newer', () => {
    const { client, shown } = clickABA()
    client.submit(smsSend, { leadId: 'lead-123', message: 'C' })
    expect(shown()).toBe('C')
  })

  it('goes back to its lane when the joined one is dismissed', () => {
    const { client, controller, shown, first } = clickABA()
    client.fail({ code: 'INTERNAL' }, first.id)
    expect(shown()).toBe('A')
    controller.dismiss()
    expect(shown()).toBe('B')
  })

  it('locks out a second click while one is being sent, unless it is to be sent after that', () => {
    const client = createFakeSyncClient()
    const controller = new MutationController(client, smsSend, 'lead:lead-123:sms')
    controller.mutate(A)
    controller.mutate(B)
    controller.mutate(A, { queue: true })
    expect(client.submissions.map(({ request }) => request)).toEqual([A])
    controller.mutate(B, { queue: true })
    expect(client.submissions.map(({ request }) => request)).toEqual([A, B])
  })
})
