'use client'
import { type RefObject, useEffect, useRef } from 'react'

export interface FormSubmitOptions {
  /** Is this the form's submit button? */
  enabled: boolean
  isBlocked: boolean
  onSubmit: (form: HTMLFormElement) => void
}

/**
 * Takes the submission of the form a submit button belongs to. Also when it was not clicked: Enter in
 * a field and `requestSubmit()` send a form too, and a real double click sends it twice.
 */
export function useFormSubmit(triggerRef: RefObject<HTMLButtonElement | null>, options: FormSubmitOptions): void {
  const latest = useRef(options)
  useEffect(() => {
    latest.current = options
  })
  const { enabled } = options
  useEffect(() => {
    const button = triggerRef.current
    const form = enabled ? button?.form : null
    if (!form) return
    const take = (event: SubmitEvent) => {
      if (event.submitter !== null && event.submitter !== button) return
      // Also keeps React's own `<form action>` from running: the mutation is what is sent.
      event.preventDefault()
      if (!latest.current.isBlocked) latest.current.onSubmit(form)
    }
    form.addEventListener('submit', take)
    return () => form.removeEventListener('submit', take)
  }, [enabled, triggerRef])
}
