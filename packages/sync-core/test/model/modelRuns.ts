import { jest } from '@jest/globals'
import type { Parameters } from 'fast-check'

const { MODEL_SEED, MODEL_RUNS, MODEL_PATH } = process.env
const LONGEST_RUN_MS = 1_000

/**
 * How a model is run: in `npm test` the same steps each time, in `npm run chaos` others each time, under a printed seed.
 * @param usual runs of steps, where `MODEL_RUNS` does not say another number
 */
export function modelRuns(usual: number): Parameters<unknown> {
  return {
    // Any seed would do; a failure that comes and goes with chance would not.
    seed: Number(MODEL_SEED ?? 20_261_129),
    numRuns: Number(MODEL_RUNS ?? usual),
    ...(MODEL_PATH === undefined ? {} : { path: MODEL_PATH }),
  }
}

// A model takes half a minute on two cores that do nothing else, or what so many runs need.
jest.setTimeout(Math.max(300_000, Number(MODEL_RUNS ?? 0) * LONGEST_RUN_MS))
