import '@org/critical-buttons/styles.css'
import { createRoot } from 'react-dom/client'
import type { Desk } from '../shared/desk.js'
import { startButtons } from './client.js'
import { DeskPage } from './DeskPage.js'
import { SignInPage } from './SignInPage.js'

const element = document.getElementById('root')
if (element === null) throw new Error('The page has no #root.')
const root = createRoot(element)

async function open(): Promise<void> {
  const response = await fetch('/desk')
  if (response.status === 401) return root.render(<SignInPage onDone={() => void open()} />)
  const desk = (await response.json()) as Desk
  startButtons(desk.realtime)
  root.render(<DeskPage desk={desk} />)
}

void open()
