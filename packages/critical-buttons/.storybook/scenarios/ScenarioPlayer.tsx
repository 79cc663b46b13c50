import { useEffect, useMemo, useRef } from 'react'
import { CriticalButtonsProvider } from '../../src/provider/CriticalButtonsProvider.js'
import { EnvironmentContext, useEnvironment } from '../../src/provider/environment.js'
import { isHeard, type ScenarioStage, type TimelineEntry } from '../../src/testing/createScenarioStage.js'
import type { StagedScenario } from './StagedScenario.js'
import { type ScenarioPlayer as Player, useScenarioPlayer } from './useScenarioPlayer.js'
import './scenarioPlayer.css'

/** A scenario to watch: the page, what happens to it, what the client does, and what a screen reader says. */
export function ScenarioPlayer({ scenario }: { scenario: StagedScenario }) {
  const player = useScenarioPlayer(scenario)
  const { stage } = player
  const timeline = stage?.timeline() ?? []
  return (
    <article className="player" data-step={player.position} data-over={player.isOver || undefined}>
      <h2>{scenario.name}</h2>
      <p className="player-promise">{scenario.promise}</p>
      <Controls player={player} count={scenario.steps.length} />
      <div className="player-panels">
        <Script scenario={scenario} position={player.position} />
        <section className="player-panel player-page" aria-label="The page">
          <h3>The page</h3>
          {stage && <Page stage={stage} scenario={scenario} />}
          {stage && <Facts stage={stage} />}
        </section>
        <Log title="What happened" empty="Nothing yet." entries={timeline.filter(({ kind }) => !isHeard(kind))} />
        <Log title="What a screen reader says" empty="Nothing yet." entries={timeline.filter(({ kind }) => isHeard(kind))} />
      </div>
    </article>
  )
}

function Controls({ player, count }: { player: Player; count: number }) {
  const { position, isPlaying, isOver, play, pause, step, restart } = player
  return (
    <div className="player-controls">
      {isPlaying ? (
        <button type="button" onClick={pause}>
          Pause
        </button>
      ) : (
        <button type="button" onClick={play} aria-disabled={isOver || undefined}>
          Play
        </button>
      )}
      <button type="button" onClick={isPlaying || isOver ? undefined : step} aria-disabled={isPlaying || isOver || undefined}>
        Step
      </button>
      <button type="button" onClick={restart}>
        Restart
      </button>
      <span>
        Step {position} of {count}
      </span>
    </div>
  )
}

function Script({ scenario: { steps }, position }: { scenario: StagedScenario; position: number }) {
  return (
    <section className="player-panel" aria-label="The script">
      <h3>The script</h3>
      <ol className="player-script">
        {steps.map(({ title }, index) => (
          <li key={title} data-done={index < position || undefined} aria-current={index === position - 1 ? 'step' : undefined}>
            {title}
          </li>
        ))}
      </ol>
    </section>
  )
}

function Page({ stage, scenario }: { stage: ScenarioStage; scenario: StagedScenario }) {
  const root = useRef<HTMLDivElement>(null)
  // The script names buttons in English, so the page speaks English in every locale.
  const { nameOf, leadStatuses } = useEnvironment()
  const environment = useMemo(() => ({ nameOf, leadStatuses }), [nameOf, leadStatuses])
  useEffect(() => {
    stage.root = root.current ?? undefined
  }, [stage])
  return (
    <div ref={root} className="player-content" data-testid="page" lang="en">
      <EnvironmentContext.Provider value={environment}>
        <CriticalButtonsProvider client={stage.client} announce={stage.announce}>
          {scenario.page()}
        </CriticalButtonsProvider>
      </EnvironmentContext.Provider>
    </div>
  )
}

function Facts({ stage: { sync } }: { stage: ScenarioStage }) {
  const facts = [
    ['Network', sync.browser.isOnline ? 'online' : 'offline'],
    ['Requests', sync.server.writes.length],
    ['Took effect', sync.server.effects.length],
  ]
  return (
    <dl className="player-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd data-fact={name}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Log({ title, empty, entries }: { title: string; empty: string; entries: readonly TimelineEntry[] }) {
  return (
    <section className="player-panel" aria-label={title}>
      <h3>{title}</h3>
      {entries.length === 0 && <p className="player-empty">{empty}</p>}
      <ol className="player-log">
        {entries.map(({ atMs, kind, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a log only grows at its end
          <li key={index} data-kind={kind}>
            <time>{(atMs / 1_000).toFixed(1)} s</time> <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
