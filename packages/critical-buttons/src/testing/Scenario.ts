import type { ScenarioStage, ScenarioStageOptions } from './createScenarioStage.js'

/** One thing that happens, by a person or around them. */
export interface ScenarioStep {
  /** In the present tense: "The network is gone". */
  title: string
  /** What is announced because of it; a test waits for that before it goes on. */
  hears?: string | RegExp
  run: (stage: ScenarioStage) => Promise<void> | void
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
  await wrap(async () => {
    await step.run(stage)
    await stage.sync.settle()
  })
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
