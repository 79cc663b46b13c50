import { CriticalButtonsProvider } from '@org/critical-buttons'
import type { FakeSyncClient } from '@org/critical-buttons/testing'
import { useEffect, useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { type StatePicture, statePicturesOf } from './statePictures.js'

const SILENT = () => {}

/**
 * Draws a component in each of its states; returns what takes it away again.
 * @throws {Error} when there are no pictures of that component
 */
export function drawStates(canvas: HTMLElement, component: string): () => void {
  const pictures = statePicturesOf(component)
  if (pictures === undefined) throw new Error(`There are no pictures of "${component}". Add them in theme/states/statePictures.tsx.`)
  const root = createRoot(canvas)
  root.render(
    <div className="state-pictures">
      {pictures.map((picture) => (
        <Picture key={picture.name} {...picture} />
      ))}
    </div>,
  )
  return () => root.unmount()
}

function Picture({ name, client: opening, shown, isWide, afterwards }: StatePicture) {
  const [client, setClient] = useState<FakeSyncClient>()
  const picture = useRef<HTMLDivElement>(null)
  useEffect(() => {
    void opening.then(setClient)
  }, [opening])
  useEffect(() => {
    if (picture.current && client) afterwards?.(picture.current, client)
  }, [afterwards, client])
  return (
    <div ref={picture} className="state-picture" data-wide={isWide || undefined}>
      <span className="state-picture-name">{name}</span>
      {/* Silent: to a screen reader a picture says its label and nothing else. */}
      {client && (
        <CriticalButtonsProvider client={client} announce={SILENT}>
          {shown}
        </CriticalButtonsProvider>
      )}
    </div>
  )
}
