import { leadUpdateStatus } from '@org/contracts'
import { act } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { BookingConfirmButton } from '../../src/booking-confirm-button/BookingConfirmButton.js'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { clearStage, one, openStage, SHEETS } from './stage.js'

afterEach(clearStage)

/** What normalize.css, Bootstrap's reboot and Tailwind 3's preflight say about buttons, and more than each. */
const RESET = `
  *, ::before, ::after { box-sizing: border-box; border-width: 0; border-style: solid; border-color: #e5e7eb; margin: 0; padding: 0; }
  button, input, select { font: inherit; color: inherit; background: none; line-height: inherit; letter-spacing: inherit; }
  button { -webkit-appearance: button; background-color: transparent; background-image: none; cursor: default; }
  dialog { padding: 0; } h2 { font-size: inherit; font-weight: inherit; } ol, ul { list-style: none; padding: 0; }
`
/** A text colour of the host that would be plain to see. */
const HOST = 'body { color: rgb(1, 2, 3); font: 16px/1.5 serif; }'
const white = 'rgb(255, 255, 255)'
const accent = 'rgb(79, 70, 229)'

const buttons = (
  <>
    <BookingConfirmButton appointmentId="apt-123" />
    <LeadStatusButton leadId="lead-123" currentStatus="new" />
  </>
)

const booking = () => getComputedStyle(one('[data-component="BookingConfirmButton"]'))
const chip = () => getComputedStyle(one('[data-component="LeadStatusButton"]'))

describe('the unlayered style sheet under a reset of the host', () => {
  it.each([
    ['before', [RESET, HOST, SHEETS.unlayered]],
    ['after', [SHEETS.unlayered, RESET, HOST]],
  ])('keeps its looks when the reset comes %s it', async (_order, styles) => {
    await openStage(buttons, { styles })
    expect(booking()).toMatchObject({ color: white, backgroundColor: accent, fontSize: '14px', fontWeight: '550', cursor: 'pointer' })
    expect(booking()).toMatchObject({ paddingInlineStart: '18px', borderTopWidth: '1px', borderTopLeftRadius: '8px' })
    expect(chip()).toMatchObject({ color: 'rgb(30, 64, 175)', backgroundColor: 'rgb(219, 234, 254)', fontSize: '13px' })
  })

  it('keeps the look of a failed click and of its actions', async () => {
    const { client } = await openStage(buttons, { styles: [SHEETS.unlayered, RESET, HOST] })
    await act(() => client.click(leadUpdateStatus, { leadId: 'lead-123', status: 'qualified' }, 'error'))
    expect(chip().boxShadow).toContain('0px 0px 0px 2px')
    expect(getComputedStyle(one('[data-action="tryAgain"]'))).toMatchObject({ fontWeight: '600', textDecorationLine: 'underline' })
  })

  it('leaves the last word to a class of the host that comes later', async () => {
    await openStage(<BookingConfirmButton appointmentId="apt-123" className="mine" />, {
      styles: [SHEETS.unlayered, '.mine { background: rgb(9, 9, 9); padding: 3px; }', '.mine:hover { background: red }'],
    })
    expect(booking()).toMatchObject({ backgroundColor: 'rgb(9, 9, 9)', paddingTop: '3px' })
  })

  it.each([
    ['before', (tailwind: string) => [tailwind, SHEETS.unlayered]],
    ['after', (tailwind: string) => [SHEETS.unlayered, tailwind]],
  ])('lets a class string for a status win when its class comes %s it', async (_order, order) => {
    await openStage(<LeadStatusButton leadId="lead-123" currentStatus="new" statusColors={{ new: 'bg-mine text-mine' }} />, {
      styles: order('.bg-mine { background-color: rgb(9, 8, 7) } .text-mine { color: rgb(7, 8, 9) }'),
    })
    expect(chip()).toMatchObject({ backgroundColor: 'rgb(9, 8, 7)', color: 'rgb(7, 8, 9)' })
  })
})

describe('the layered style sheet in a page of Tailwind 4', () => {
  const tailwind = `
    @layer theme, base, components, utilities;
    @layer base { ${RESET} }
    @layer utilities { .bg-mine { background-color: rgb(9, 9, 9) } .text-mine { color: rgb(8, 8, 8) } }
  `
  it.each([
    ['before', [SHEETS.layered, HOST, tailwind]],
    ['after', [tailwind, HOST, SHEETS.layered]],
  ])('stands between preflight and utilities, imported %s it', async (_order, styles) => {
    await openStage(
      <>
        <BookingConfirmButton appointmentId="apt-123" className="bg-mine" />
        <LeadStatusButton leadId="lead-123" currentStatus="new" className="text-mine" />
      </>,
      { styles },
    )
    expect(booking()).toMatchObject({ color: white, backgroundColor: 'rgb(9, 9, 9)', paddingInlineStart: '18px' })
    expect(chip()).toMatchObject({ color: 'rgb(8, 8, 8)', backgroundColor: 'rgb(219, 234, 254)' })
  })

  it('gives way to any unlayered class of the host', async () => {
    await openStage(<BookingConfirmButton appointmentId="apt-123" className="mine" />, {
      styles: ['.mine { background: rgb(9, 9, 9) }', SHEETS.layered],
    })
    expect(booking().backgroundColor).toBe('rgb(9, 9, 9)')
  })
})

describe('a label', () => {
  it.each(['DejaVu Sans', 'DejaVu Serif', 'Liberation Sans', 'Liberation Serif', 'Liberation Mono'])(
    'sits in the middle in %s',
    async (font) => {
      await openStage(buttons, { styles: [SHEETS.layered, `body { font-family: '${font}' }`] })
      for (const button of document.querySelectorAll<HTMLElement>('.cb-button')) {
        const label = button.querySelector('.cb-label')
        if (label === null) throw new Error('The button has no label.')
        // Trimmed, its box is what its capitals cover.
        expect(Math.abs(label.getBoundingClientRect().height - capitalsOf(label))).toBeLessThan(1)
        expect(middleOf(label)).toBeCloseTo(middleOf(button), 1)
      }
    },
  )

  it('leaves every button its height, also where no label is trimmed', async () => {
    for (const untrimmed of ['', '.cb-label { text-box: normal !important }']) {
      const { unmount } = await openStage(buttons, { styles: [SHEETS.layered, untrimmed] })
      const heights = [...document.querySelectorAll('.cb-button')].map((button) => button.getBoundingClientRect().height)
      expect(heights).toEqual([36, 28])
      unmount()
    }
  })

  it('breaks between words and not within one when there is little room', async () => {
    await openStage(
      <div style={{ inlineSize: 'min-content' }}>
        <LeadStatusButton leadId="lead-123" currentStatus="new" />
      </div>,
    )
    const label = one('.cb-label')
    expect(label.getClientRects()).toHaveLength(1)
    expect(label.getBoundingClientRect().height).toBeLessThan(16)
  })
})

function middleOf(element: Element): number {
  const { top, bottom } = element.getBoundingClientRect()
  return (top + bottom) / 2
}

function capitalsOf(element: Element): number {
  const context = document.createElement('canvas').getContext('2d')
  if (context === null) throw new Error('This browser has no canvas.')
  const { fontWeight, fontSize, fontFamily } = getComputedStyle(element)
  // Measured large, because a canvas tells whole pixels.
  context.font = `${fontWeight} 1000px ${fontFamily}`
  return (context.measureText('H').actualBoundingBoxAscent * Number.parseFloat(fontSize)) / 1000
}
