// `npm run chaos`: the models with other steps at each run. MODEL_RUNS says how many of each (10,000 for a long one);
// MODEL_SEED and MODEL_PATH, as fast-check prints them, take a failure again.
import { spawn } from 'node:child_process'

const seed = process.env.MODEL_SEED ?? String(Date.now() % 2_147_483_647)
const runs = process.env.MODEL_RUNS ?? '1000'
console.log(`Models: MODEL_SEED=${seed} MODEL_RUNS=${runs}`)
const args = ['../tooling/scripts/jest.mjs', '--maxWorkers=1', '--testMatch=<rootDir>/test/**/*.model.test.ts', ...process.argv.slice(2)]
const env = { ...process.env, MODEL_SEED: seed, MODEL_RUNS: runs }
spawn(process.execPath, args, { env, stdio: 'inherit' }).on('exit', (code) => process.exit(code ?? 1))
