import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { BookingConfirmButton } from '../../src/booking-confirm-button/BookingConfirmButton.js'
import type { ButtonLook, ButtonSize } from '../../src/critical-button/buttonProps.js'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import './statesMatrix.css'

const SIZES: readonly ButtonSize[] = ['sm', 'md', 'lg']
const LOOKS: readonly ButtonLook[] = ['solid', 'outline', 'quiet', 'danger']

const meta: Meta = { title: 'Overview/Sizes and looks' }
export default meta

export const AllSizesAndLooks: StoryObj = {
  render: () => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="matrix-frame" tabIndex={0} aria-label="Sizes and looks">
      <table className="matrix">
        <caption>Every look in every size, with its label and as a drawing alone</caption>
        <thead>
          <tr>
            <th scope="col">Size</th>
            {LOOKS.map((look) => (
              <th key={look} scope="col">
                {look}
              </th>
            ))}
            <th scope="col">chip</th>
          </tr>
        </thead>
        <tbody>
          {SIZES.map((size) => (
            <tr key={size}>
              <th scope="row">{size}</th>
              {LOOKS.map((look) => (
                <td key={look} data-cell={`${look} ${size}`}>
                  <div className="stage-toolbar">
                    <BookingConfirmButton appointmentId="apt-123" look={look} size={size} announce={false} />
                    <BookingConfirmButton appointmentId="apt-123" look={look} size={size} iconOnly announce={false}>
                      <span aria-hidden="true">✓</span>
                    </BookingConfirmButton>
                  </div>
                </td>
              ))}
              <td data-cell={`chip ${size}`}>
                <LeadStatusButton leadId="lead-123" currentStatus="new" size={size} announce={false} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  ),
  play: async ({ canvasElement }) => {
    const buttons = (cell: string) => [...canvasElement.querySelectorAll<HTMLElement>(`[data-cell="${cell}"] [data-part="button"]`)]
    for (const look of LOOKS) {
      const heights = SIZES.map((size) => buttons(`${look} ${size}`)[0]?.offsetHeight ?? 0)
      // Each size is higher than the one before, and none is below what a finger hits.
      await expect([look, heights]).toEqual([look, [...new Set(heights)].sort((a, b) => a - b)])
      await expect(Math.min(...heights)).toBeGreaterThanOrEqual(24)
      for (const size of SIZES) {
        const [labelled, drawing] = buttons(`${look} ${size}`)
        await expect(labelled?.textContent).not.toBe('')
        await expect(drawing).toHaveAccessibleName(labelled?.textContent ?? '')
      }
    }
    const looks = LOOKS.map((look) => getComputedStyle(buttons(`${look} md`)[0] as HTMLElement))
    await expect(new Set(looks.map(({ backgroundColor, color, borderColor }) => [backgroundColor, color, borderColor].join())).size).toBe(
      LOOKS.length,
    )
    await expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(window.innerWidth)
  },
}
