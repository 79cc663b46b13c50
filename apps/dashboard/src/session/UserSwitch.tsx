import { useSyncClient } from '@org/critical-buttons'
import { useSyncExternalStore } from 'react'
import { DEMO_USERS } from './demoUsers.js'
import { getUser, setUser, subscribeUser } from './tabSession.js'
import './userSwitch.css'

/** Who this tab is signed in as. Another tab may be somebody else. */
export function UserSwitch() {
  const client = useSyncClient()
  const current = useSyncExternalStore(subscribeUser, getUser)
  return (
    <fieldset className="user-switch">
      <legend className="unseen">Signed in as</legend>
      {DEMO_USERS.map(({ key, name, organisation }) => (
        <label key={key} title={`${name}, ${organisation}`} data-current={key === current || undefined}>
          <input
            className="unseen"
            type="radio"
            name="user"
            checked={key === current}
            onChange={() => {
              setUser(key)
              void client.refreshIdentity()
            }}
          />
          {name}
        </label>
      ))}
    </fieldset>
  )
}
