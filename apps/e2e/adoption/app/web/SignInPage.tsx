import { useState } from 'react'

/** @param onDone called once the session stands */
export function SignInPage({ onDone }: { onDone: () => void }) {
  const [trouble, setTrouble] = useState('')
  const signIn = async (form: FormData) => {
    const body = JSON.stringify({ email: form.get('email') })
    const response = await fetch('/sign-in', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    if (response.ok) onDone()
    else setTrouble('Nobody has this address.')
  }
  return (
    <form action={signIn}>
      <label>
        E-mail <input name="email" type="email" required />
      </label>
      <button type="submit">Sign in</button>
      <p role="alert">{trouble}</p>
    </form>
  )
}
