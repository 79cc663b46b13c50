import { configureCriticalButtons } from '@org/critical-buttons'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.js'
import { FaultPanel } from './faults/FaultPanel.js'
import { nameOfUser } from './session/demoUsers.js'
import { PasswordSession } from './session/PasswordSession.js'
import { connectSession } from './session/Session.js'
import { loadSettings } from './session/settings.js'
import { UserSwitch } from './session/UserSwitch.js'
import { keepShell } from './shell/keepShell.js'
import './styles/base.css'
import '@org/critical-buttons/styles.css'
import './styles/tokens.css'
import './styles/controls.css'

const settings = await loadSettings()
const session = connectSession(settings)
configureCriticalButtons({ ...session, resolveUser: nameOfUser })
keepShell()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with id "root", so there is nowhere to show the dashboard.')
createRoot(root).render(
  <StrictMode>
    <App
      account={settings.demoSignIn ? <UserSwitch /> : <PasswordSession supabase={session.supabase} />}
      faults={settings.standIns && <FaultPanel />}
    />
  </StrictMode>,
)
