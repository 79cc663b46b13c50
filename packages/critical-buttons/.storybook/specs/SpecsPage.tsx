import { useLayoutEffect, useRef, useState } from 'react'
import { BookingConfirmButton } from '../../src/booking-confirm-button/BookingConfirmButton.js'
import type { ButtonLook, ButtonSize } from '../../src/critical-button/buttonProps.js'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { INTERACTIONS, showInteractions } from '../stories/showInteraction.js'
import { LOOK_HEAD, measureLook, measureSize, SIZE_HEAD, type SpecRow } from './measure.js'
import { SpecTable } from './SpecTable.js'
import './specs.css'

const SIZES: readonly ButtonSize[] = ['sm', 'md', 'lg']
const LOOKS: readonly ButtonLook[] = ['solid', 'outline', 'quiet', 'danger']
const THEMES = ['light', 'dark'] as const
const STATES = ['rest', ...INTERACTIONS, 'disabled'] as const

/** Sizes and colours of the buttons as this browser paints them, to be copied into a design tool. */
export function SpecsPage() {
  const samples = useRef<HTMLDivElement>(null)
  const [specs, setSpecs] = useState<{ sizes: readonly SpecRow[]; looks: readonly SpecRow[] }>()
  useLayoutEffect(() => {
    showInteractions()
    if (samples.current) setSpecs(measureAll(samples.current))
  }, [])
  return (
    <div className="specs">
      <p>
        Measured in this browser from the real components, in px where the root is 16 px. The tokens behind them are in Overview / Tokens;
        every state is drawn in Overview / States matrix.
      </p>
      {specs && <SpecTable title="Sizes" head={SIZE_HEAD} rows={specs.sizes} />}
      {specs && <SpecTable title="Colours" head={LOOK_HEAD} rows={specs.looks} />}
      <div ref={samples} className="specs-samples">
        <Samples />
      </div>
    </div>
  )
}

/** The buttons that are measured: each look in each state, in both themes, and each size. */
function Samples() {
  return THEMES.map((theme) => (
    <section key={theme} className="specs-theme" data-cb-theme={theme} aria-label={theme}>
      {SIZES.map((size) => (
        <p key={size} data-sample-size={size}>
          <BookingConfirmButton appointmentId="apt-123" size={size} announce={false} />
          <LeadStatusButton leadId="lead-123" currentStatus="new" size={size} announce={false} />
        </p>
      ))}
      {LOOKS.map((look) => (
        <p key={look}>
          {STATES.map((state) => (
            <span key={state} data-sample-look={look} data-sample-state={state} data-show={state}>
              <BookingConfirmButton appointmentId="apt-123" look={look} disabled={state === 'disabled'} announce={false} />
            </span>
          ))}
        </p>
      ))}
    </section>
  ))
}

function measureAll(samples: HTMLElement): { sizes: SpecRow[]; looks: SpecRow[] } {
  // Only those in here: around the page there is a theme as well.
  const themed = (theme: string) => samples.querySelector<HTMLElement>(`:scope > [data-cb-theme="${theme}"]`)
  const sizes = [...(themed('light')?.querySelectorAll<HTMLElement>('[data-sample-size]') ?? [])].flatMap((sample) =>
    [...sample.querySelectorAll<HTMLElement>('[data-part="button"]')].map((button) =>
      measureSize(`${button.dataset.look === 'chip' ? 'chip' : 'button'} ${sample.dataset.sampleSize}`, button),
    ),
  )
  const looks = THEMES.flatMap((theme) =>
    [...(themed(theme)?.querySelectorAll<HTMLElement>('[data-sample-look]') ?? [])].flatMap((sample) => {
      const button = sample.querySelector<HTMLElement>('[data-part="button"]')
      const { sampleLook = '', sampleState = '' } = sample.dataset
      return button ? [measureLook([sampleLook, theme, sampleState], button)] : []
    }),
  )
  return { sizes, looks }
}
