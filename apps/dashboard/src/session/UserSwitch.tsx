import { useSyncClient } from '@org/critical-buttons'
import { useState, useSyncExternalStore } from 'react'
import { DEMO_USERS, type DemoUserKey } from './demoUsers.js'
import { getUser, setUser, subscribeUser } from './tabSession.js'
import './userSwitch.css'

/** Who this tab is signed in as. Another tab may be somebody else. */
export function UserSwitch() {
  const client = useSyncClient()
  const signedIn = useSyncExternalStore(subscribeUser, getUser)
  const [chosen, setChosen] = useState(signedIn)

  // Signed out first: without a network nobody could tell the client at once that it is someone else now.
  async function switchTo(user: DemoUserKey) {
    setChosen(user)
    await client.signOut({ mode: 'keep' })
    setUser(user)
    await client.refreshIdentity()
  }

  return (
    <fieldset className="user-switch">
      <legend className="unseen">Signed in as</legend>
      {DEMO_USERS.map(({ key, name, organisation }) => (
        <label key={key} title={`${name}, ${organisation}`} data-current={key === chosen || undefined}>
          <input className="unseen" type="radio" name="user" checked={key === chosen} onChange={() => void switchTo(key)} />
          {name}
        </label>
      ))}
    </fieldset>
  )
}
