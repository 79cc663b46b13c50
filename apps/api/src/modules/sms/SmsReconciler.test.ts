import { beforeEach, describe, expect, it, jest } from '@jest/globals'
import { anIndeterminateSms, FakeOutbox } from '../../../test/support/FakeOutbox.js'
import type { ListedSms, SmsCarrier } from './SmsCarrier.js'
import type { ReconcileOutcome, SmsEvents } from './SmsEvents.js'
import { SmsReconciler } from './SmsReconciler.js'

let outbox: FakeOutbox
let outcomes: ReconcileOutcome[]
const onTaskError = jest.fn<NonNullable<SmsEvents['onTaskError']>>()
const onSecondSid = jest.fn<NonNullable<SmsEvents['onSecondSid']>>()

beforeEach(() => {
  outbox = new FakeOutbox()
  outcomes = []
  onTaskError.mockClear()
  onSecondSid.mockClear()
})

const NO_CARRIER: Omit<SmsCarrier, 'listTo'> = {
  send: () => Promise.reject(new Error('not here')),
  lookUp: () => Promise.reject(new Error('not here')),
}

const listed = (fields: Partial<ListedSms> = {}): ListedSms => ({
  sid: 'SM1',
  to: '+12025550123',
  from: '+15005550006',
  body: 'Hi Anna',
  status: 'sent',
  errorCode: null,
  ...fields,
})

async function reconcile(...list: ListedSms[]): Promise<void> {
  const carrier = { ...NO_CARRIER, listTo: async () => list }
  const events: SmsEvents = { onReconciled: (_id, outcome) => void outcomes.push(outcome), onSecondSid, onTaskError }
  await new SmsReconciler({ outbox, carrier, events }).reconcileDue()
}

describe('an SMS whose answer was lost', () => {
  it.each([
    ['sent', null],
    ['undelivered', 30003],
    ['failed', 30001],
  ])('is what the carrier lists it as: %s, error %s', async (status, errorCode) => {
    outbox.indeterminate.push(anIndeterminateSms())
    await reconcile(listed({ status, errorCode }))
    expect([outbox.calls, outcomes]).toEqual([[`listed sms-1 SM1 ${status} ${errorCode}`], ['found']])
  })

  it('raises an alert when another message of it is known by then', async () => {
    outbox.lost.add('sms-1')
    outbox.indeterminate.push(anIndeterminateSms())
    await reconcile(listed())
    expect(onSecondSid.mock.calls).toEqual([['sms-1']])
  })

  it('does not take a message that another row owns', async () => {
    outbox.claimedSids.add('SM1')
    outbox.indeterminate.push(anIndeterminateSms())
    await reconcile(listed())
    expect(outbox.calls).toEqual(['not listed sms-1'])
  })

  it.each(['nothing-yet', 'send-once-more', 'left-to-person', 'cancelled'] as const)(
    'is not listed: what follows (%s) is decided where its row is',
    async (ending) => {
      outbox.listingEnd = ending
      outbox.indeterminate.push(anIndeterminateSms())
      await reconcile()
      expect([outbox.calls, outcomes]).toEqual([['not listed sms-1'], [ending]])
    },
  )

  it('is told apart from an unclaimed message to that number that may be it, whatever its text or sender', async () => {
    outbox.indeterminate.push(anIndeterminateSms())
    await reconcile(listed({ body: 'Hi Ann', from: '+15005550009' }))
    expect(outbox.calls).toEqual(['not listed sms-1, but others'])
  })

  it('comes again later when the list cannot be read, without holding up others', async () => {
    outbox.indeterminate.push(anIndeterminateSms(), anIndeterminateSms({ id: 'sms-2', to: '+12025550124' }))
    const onListingFailed = jest.fn<NonNullable<SmsEvents['onListingFailed']>>()
    const listTo = async (to: string) => {
      if (to === '+12025550123') throw Object.assign(new Error('Twilio is away'), { status: 503 })
      return [listed({ to })]
    }
    await new SmsReconciler({
      outbox,
      carrier: { ...NO_CARRIER, listTo },
      events: { onTaskError, onListingFailed },
    }).reconcileDue()
    expect(outbox.calls).toEqual(['listed sms-2 SM1 sent null'])
    // A word for it, not the carrier's error with its trace: that is news of the carrier, no bug of ours.
    expect(onListingFailed.mock.calls).toEqual([['sms-1', 'http-503']])
    expect(onTaskError).not.toHaveBeenCalled()
  })
})
