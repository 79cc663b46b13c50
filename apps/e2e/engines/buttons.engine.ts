import { type Api, acceptedMessages } from '../harness/apiOf.js'
import { expect, expectState, test } from './dashboardTest.js'
import type { Tab } from './drivers/Engine.js'
import { attributeOf, textOf } from './onPage.js'

interface Journey {
  view: string
  button: string
  /** What is shown in every tab once it took effect. */
  done: (tab: Tab) => Promise<unknown>
  press: (tab: Tab) => Promise<void>
  /** How often it took effect, by what the server knows. */
  effects: (api: Api, demo: { url: string }) => Promise<number>
}

const inRow = (kind: string, row: string, component: string) => `[data-${kind}="${row}"] [data-component="${component}"]`

function confirming(appointmentId: string): Journey {
  const button = inRow('appointment', appointmentId, 'BookingConfirmButton')
  return {
    view: '',
    button,
    press: (tab) => tab.click(button),
    done: (tab) => expect.poll(() => textOf(tab, button)).toBe('Confirmed'),
    effects: async (api) => (await api.appointment(appointmentId)).version - 1,
  }
}

function changing(leadId: string): Journey {
  const button = inRow('lead', leadId, 'LeadStatusButton')
  return {
    view: '#leads',
    button,
    async press(tab) {
      await tab.click(button)
      await tab.click('[role="menuitemradio"]:nth-child(3)')
    },
    done: (tab) => expect.poll(() => attributeOf(tab, button, 'data-status')).toBe('qualified'),
    effects: async (api) => (await api.lead(leadId)).version - 1,
  }
}

function writing(leadId: string): Journey {
  const button = '[data-component="SendSMSButton"]'
  return {
    view: `#leads/${leadId}`,
    button,
    press: (tab) => tab.click(button),
    done: (tab) => expect.poll(() => textOf(tab, '[data-component="SmsHistory"] li')).toMatch(/Delivered/),
    async effects(api, { url }) {
      const { phone } = await api.lead(leadId)
      return (await acceptedMessages(url)).filter(({ to }) => to === phone).length
    },
  }
}

function changingMany(leadIds: readonly string[]): Journey {
  const button = '[data-component="LeadStatusBulkUpdateButton"]'
  const one = (leadId: string) => inRow('lead', leadId, 'LeadStatusButton')
  return {
    view: '#leads',
    button,
    async press(tab) {
      for (const id of leadIds) await tab.click(`[data-lead="${id}"] input`)
      await tab.click(button)
    },
    async done(tab) {
      for (const id of leadIds) await expect.poll(() => attributeOf(tab, one(id), 'data-status')).toBe('contacted')
    },
    effects: async (api) => (await api.leads()).filter(({ id, version }) => leadIds.includes(id) && version === 2).length / leadIds.length,
  }
}

// A pair each, for a demo keeps what was done in it.
const JOURNEYS: [name: string, once: Journey, away: Journey][] = [
  ['BookingConfirmButton', confirming('apt-123'), confirming('apt-124')],
  ['LeadStatusButton', changing('lead-4'), changing('lead-5')],
  ['SendSMSButton', writing('lead-123'), writing('lead-124')],
  ['LeadStatusBulkUpdateButton', changingMany(['lead-1', 'lead-2']), changingMany(['lead-3', 'lead-125'])],
]

for (const [name, once, away] of JOURNEYS) {
  test(`${name}: a click takes effect once, and the other tab shows it`, async ({ dashboard, demo }) => {
    const [tab, other] = [await dashboard.open(once.view), await dashboard.open(once.view)]
    await tab.show()
    await once.press(tab)
    await once.done(tab)
    await once.done(other)
    await expect.poll(() => once.effects(dashboard.api, demo)).toBe(1)
  })

  test(`${name}: clicked while the server is away and reloaded meanwhile, it is sent once`, async ({ dashboard, demo }) => {
    const tab = await dashboard.open(away.view)
    dashboard.leave()
    await away.press(tab)
    await expectState(tab, away.button, /queued|retrying|running/)
    await tab.reload()
    await expectState(tab, away.button, /queued|retrying|running/)
    expect(await away.effects(dashboard.api, demo)).toBe(0)
    dashboard.comeBack()
    await away.done(tab)
    await expect.poll(() => away.effects(dashboard.api, demo)).toBe(1)
  })
}
