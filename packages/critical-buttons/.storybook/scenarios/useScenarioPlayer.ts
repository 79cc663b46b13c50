import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import { announceInDocument } from '../../src/announcer/announce.js'
import { createScenarioStage, type ScenarioStage } from '../../src/testing/createScenarioStage.js'
import { playStep } from '../../src/testing/Scenario.js'
import { borrowClock } from './borrowClock.js'
import type { StagedScenario } from './StagedScenario.js'

/** Long enough to read a step, and to hear what it makes the page say. */
const BETWEEN_STEPS_MS = 2_200

export interface ScenarioPlayer {
  /** Undefined until the page is open. */
  stage: ScenarioStage | undefined
  /** Steps played. */
  position: number
  isPlaying: boolean
  isOver: boolean
  play: () => void
  pause: () => void
  step: () => void
  restart: () => void
}

/** Plays a scenario's steps on a stage of its own, one by one or by itself. */
export function useScenarioPlayer({ stage: options, steps }: StagedScenario): ScenarioPlayer {
  const [round, restartRound] = useReducer((count: number) => count + 1, 0)
  const [stage, setStage] = useState<ScenarioStage>()
  const [position, setPosition] = useState(0)
  const [isPlaying, setPlaying] = useState(false)
  const [, render] = useReducer((count: number) => count + 1, 0)
  const isStepping = useRef(false)

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` starts over
  useEffect(() => {
    let close = () => {}
    let isGone = false
    setPosition(0)
    setStage(undefined)
    void createScenarioStage({ ...options, announce: announceInDocument }).then((opened) => {
      if (isGone) return opened.close()
      const giveBack = borrowClock(opened.sync.clock.now)
      // Telemetry may come while React renders.
      const stop = opened.subscribe(() => queueMicrotask(render))
      close = () => {
        stop()
        giveBack()
        opened.close()
      }
      setStage(opened)
    })
    return () => {
      isGone = true
      close()
    }
  }, [options, round])

  const isOver = position >= steps.length
  const step = useCallback(() => {
    const next = steps[position]
    if (stage === undefined || next === undefined || isStepping.current) return
    isStepping.current = true
    void playStep(stage, next).finally(() => {
      isStepping.current = false
      setPosition(position + 1)
    })
  }, [stage, steps, position])

  useEffect(() => {
    if (!isPlaying || isOver) return
    const timer = setTimeout(step, position === 0 ? 0 : BETWEEN_STEPS_MS)
    return () => clearTimeout(timer)
  }, [isPlaying, isOver, step, position])

  const restart = () => {
    setPlaying(false)
    restartRound()
  }
  return {
    stage,
    position,
    isPlaying: isPlaying && !isOver,
    isOver,
    play: () => setPlaying(true),
    pause: () => setPlaying(false),
    step,
    restart,
  }
}
