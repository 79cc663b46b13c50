import type { ScenarioStage, ScenarioStageOptions } from './createScenarioStage.js'

/** One thing that happens, by a person or around them. */
export interface ScenarioStep {
  /** In the present tense: "The network is gone". */
  title: string
  /** What is announced because of it; a test waits for that before it goes on. */
  hears?: string | RegExp
  run: (stage: ScenarioStage) => Promise<void> | void
  /** Run one after the other, each coming to rest, instead of `run`. See `inOneGo`. */
  parts?: readonly ScenarioStep[]
}

/** A scripted sequence, and what is true when it is over. */
export interface Scenario {
  name: string
  /** What it shows, in one sentence. */
  promise: string
  stage: ScenarioStageOptions
  steps: readonly ScenarioStep[]
  ending: {
    /** Mutations that took effect on the server. */
    effects: number
    /** Shown on the page. */
    sees: string | RegExp
  }
}

/** What is to be heard once the first `count` steps were played, in order. Pure. */
export function toBeHeard({ steps }: Pick<Scenario, 'steps'>, count: number = steps.length): (string | RegExp)[] {
  return steps.slice(0, count).flatMap(({ hears }) => (hears === undefined ? [] : [hears]))
}

/**
 * Plays one step and lets everything come to rest that needs no time.
 * @param wrap what a test framework wants around changes, for example React's `act`
 */
export async function playStep(
  stage: ScenarioStage,
  step: ScenarioStep,
  wrap: (run: () => Promise<void>) => Promise<void> = run,
): Promise<void> {
  stage.note('step', step.title)
  for (const part of step.parts ?? [step]) {
    await wrap(async () => {
      await part.run(stage)
      await stage.sync.settle()
    })
  }
}

/** Plays all steps, one after the other. */
export async function playScenario(
  stage: ScenarioStage,
  { steps }: Pick<Scenario, 'steps'>,
  wrap?: (run: () => Promise<void>) => Promise<void>,
): Promise<void> {
  for (const step of steps) await playStep(stage, step, wrap)
}

function run(step: () => Promise<void>): Promise<void> {
  return step()
}
