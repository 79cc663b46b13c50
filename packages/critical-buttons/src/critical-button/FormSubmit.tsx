'use client'
import { type RefObject, useEffect } from 'react'
import { useLatest } from './useLatest.js'

export interface FormSubmitProps {
  triggerRef: RefObject<HTMLButtonElement | null>
  onSubmit: (form: HTMLFormElement) => void
}

/**
 * Takes the submission of the form its button belongs to. Also when it was not clicked: Enter in a
 * field and `requestSubmit()` send a form too, and a real double click sends it twice.
 */
export function FormSubmit({ triggerRef, onSubmit }: FormSubmitProps): null {
  const latest = useLatest(onSubmit)
  useEffect(() => {
    const button = triggerRef.current
    const form = button?.form
    if (!form) return
    const take = (event: SubmitEvent) => {
      if (event.submitter && event.submitter !== button) return
      // Also keeps React's own `<form action>` from running: the mutation is what is sent.
      event.preventDefault()
      latest.current(form)
    }
    form.addEventListener('submit', take)
    return () => form.removeEventListener('submit', take)
  }, [triggerRef, latest])
  return null
}
