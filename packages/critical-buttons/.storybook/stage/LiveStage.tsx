import type { BaseRow } from '@org/contracts'
import { systemClock } from '@org/sync-core/testing'
import { type ReactNode, useEffect, useReducer, useState } from 'react'
import { CriticalButtonsProvider } from '../../src/provider/CriticalButtonsProvider.js'
import { createScenarioStage, type ScenarioStage } from '../../src/testing/createScenarioStage.js'
import './liveStage.css'

export interface LiveStageProps {
  /** Rows on the server, by table. Keep the object: another one opens another stage. */
  rows: Readonly<Record<string, readonly BaseRow[]>>
  /** What happens around the person, each as a button beside the page. */
  events?: Readonly<Record<string, (stage: ScenarioStage) => void>>
  children: ReactNode
}

/** The real client over a fake server, in real time: what a page does, without a backend. */
export function LiveStage({ rows, events = {}, children }: LiveStageProps) {
  const [stage, setStage] = useState<ScenarioStage>()
  const [, render] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    let isGone = false
    let close = () => {
      isGone = true
    }
    void createScenarioStage({ rows, adapters: { clock: systemClock } }).then((opened) => {
      if (isGone) return opened.close()
      // Telemetry may come while React renders.
      const stop = opened.subscribe(() => queueMicrotask(render))
      close = () => {
        stop()
        opened.close()
      }
      setStage(opened)
    })
    return () => close()
  }, [rows])
  if (stage === undefined) return null
  const { browser, server } = stage.sync
  const act = (run: (stage: ScenarioStage) => void) => () => {
    run(stage)
    render()
  }
  return (
    <div data-testid="live">
      <div className="live-page">
        <CriticalButtonsProvider client={stage.client}>{children}</CriticalButtonsProvider>
      </div>
      <div className="live-around">
        <span>Around it:</span>
        <button type="button" onClick={act(() => browser.setOnline(!browser.isOnline))}>
          {browser.isOnline ? 'Go offline' : 'Go online'}
        </button>
        {Object.entries(events).map(([label, run]) => (
          <button key={label} type="button" onClick={act(run)}>
            {label}
          </button>
        ))}
        <output>{server.effects.length} took effect</output>
      </div>
    </div>
  )
}
