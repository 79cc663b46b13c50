// `npm run test:deploy`: what a container engine would do with apps/api/deploy, without one. Ends with a table and one
// line, `<n> passed, <m> failed`. DEPLOY_CLICKS_PER_SECOND sets how fast people click.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { provideSystemPrograms } from '@org/tooling/system-programs'
import { pack } from '../release/packages.mjs'
import { createSteps } from '../release/steps.mjs'
import { checkArtefact } from './artefact.mjs'
import { checkEdge } from './edge.mjs'
import { buildImage, openTo } from './image.mjs'
import { judge, slowest, table } from './judge.mjs'
import { checkCompose, checkDockerfile, checkKubernetes, installTools } from './manifests.mjs'
import { aboutNginx, testAsShipped } from './nginx.mjs'
import { clickAlone, People } from './People.mjs'
import { Rehearsal } from './Rehearsal.mjs'
import { mustBeSeen, SABOTAGES } from './sabotage.mjs'
import { answer, QUESTIONS } from './supportDesk.mjs'
import { TROUBLES } from './troubles.mjs'
import { deployByThePage } from './withoutContainers.mjs'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const RESULTS = join(ROOT, 'apps/e2e/.results')
const PER_SECOND = Number(process.env.DEPLOY_CLICKS_PER_SECOND ?? 15)
/** Between two troubles, so that one is over before the next begins. Milliseconds. */
const CALM_MS = 3_000
/** How long after the last trouble a click may still be on its way. Milliseconds. */
const PATIENCE_MS = 90_000

const work = mkdtempSync(join(tmpdir(), 'deploy-'))
openTo([work])
const steps = createSteps()
try {
  await rehearseAll()
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 5 })
}
process.exitCode = steps.summarise()

async function rehearseAll() {
  const programs = await steps.step('nginx and redis-server are here', needed)
  const tarballs = programs && (await steps.step('the API is packed', packed))
  const image =
    tarballs && (await steps.step('it is installed as the Dockerfile says', () => buildImage(join(work, 'image/app'), tarballs)))
  if (!image) return
  await lookAtFiles(image)
  await checkArtefact(steps, image)
  const conf = join(image.deploy, 'nginx.conf')
  await lookAtNginx(programs.nginx, conf)
  await checkEdge(steps, { program: programs.nginx, folder: join(work, 'edge'), conf })
  await deployByThePage(steps, { folder: join(work, 'by-the-page'), tarballs, nginx: programs.nginx })
  await rehearse(image, programs.nginx)
}

async function needed() {
  const { nginx, redis } = await provideSystemPrograms(['nginx', 'redis'])
  for (const { path, installCommand } of [nginx, redis]) if (path === null) throw new Error(`A program is missing. Run: ${installCommand}`)
  return { nginx: nginx.path }
}

async function packed() {
  const tarballs = join(work, 'tarballs')
  const contracts = await pack(ROOT, 'packages/contracts', tarballs)
  const api = await pack(ROOT, 'apps/api', tarballs)
  return { contracts, api }
}

async function lookAtFiles({ deploy }) {
  const tools = join(work, 'tools')
  if (!(await steps.step('what the files are looked at with is installed', () => installTools(tools)))) return
  await steps.step("Kubernetes' schema knows every field of the manifests", () => checkKubernetes(tools, deploy))
  await steps.step("Compose's schema accepts compose.yml", () => checkCompose(tools, deploy))
  await steps.step('the Dockerfile has no wrong instruction', () => checkDockerfile(tools, deploy))
}

async function lookAtNginx(program, conf) {
  const { version, resolves } = await aboutNginx(program)
  if (resolves)
    await steps.step(`nginx ${version} accepts nginx.conf as shipped`, () =>
      testAsShipped(program, { folder: join(work, 'shipped'), conf }),
    )
  else
    console.log(
      `  nginx ${version} here: "resolve" of upstreams needs 1.27.3, so nginx.conf is tested with ports in place of that name alone.`,
    )
}

async function rehearse(image, nginx) {
  const rehearsal = await steps.step('three replicas behind nginx, on Postgres and Redis, are ready', () =>
    Rehearsal.open(image, { nginx, folder: work }),
  )
  if (!rehearsal) return
  const people = new People({ url: rehearsal.nginx.url, who: rehearsal.who })
  try {
    await people.arrive()
    const ran = await clickThrough(people, rehearsal, image)
    await report(people, rehearsal, ran)
    const freshRow = rehearsal.freshRows(people.clicks.length)
    await askTheDesk(people, rehearsal, { image, freshRow })
    for (const sabotage of SABOTAGES) await steps.step(`the checker sees ${sabotage.name}`, () => mustBeSeen(sabotage, rehearsal, freshRow))
  } finally {
    people.leave()
    await rehearsal.stop()
  }
}

/** Somebody at a support desk asks `org-api inspect` about what just happened. */
async function askTheDesk(people, rehearsal, { image, freshRow }) {
  const desk = {
    twilio: rehearsal.twilio,
    freshRow,
    settled: async (kind) => people.clicks.find((click) => click.kind === kind && click.ending === 'success'),
    click: (kind, row, options) => clickAlone(rehearsal, { kind, row, ...options }),
  }
  for (const question of QUESTIONS)
    await steps.step(`a support desk asks "${question.question}"`, () => answer(question, desk, { image, env: rehearsal.env }))
}

/** Every trouble in turn, while people click. @returns {Promise<{ name: string, tookMs: number }[]>} */
async function clickThrough(people, rehearsal, image) {
  const stopClicking = people.clickSteadily(PER_SECOND)
  const ran = []
  for (const { name, run } of TROUBLES) {
    people.during = name
    const startedAt = performance.now()
    await steps.step(`while people click: ${name}`, () => run(rehearsal, { image, folder: join(work, 'next/app') }))
    await wait(CALM_MS)
    ran.push({ name, tookMs: performance.now() - startedAt })
  }
  stopClicking()
  await people.settle(PATIENCE_MS)
  return ran
}

async function report(people, rehearsal, ran) {
  await steps.step('every SMS that went out is known to have arrived', () => rehearsal.allDelivered(PATIENCE_MS))
  const effects = await rehearsal.witness.effectsOf(people.clicks)
  const lines = ran.map(({ name, tookMs }) => ({
    name,
    tookMs,
    verdict: judge(
      people.clicks.filter(({ during }) => during === name),
      effects,
    ),
  }))
  const all = judge(people.clicks, effects)
  const shown = table([...lines, { name: 'in all', tookMs: ran.reduce((sum, { tookMs }) => sum + tookMs, 0), verdict: all }])
  console.log(`\n${shown}\n`)
  mkdirSync(RESULTS, { recursive: true })
  writeFileSync(join(RESULTS, 'deploy.txt'), `${shown}\n\n${slowest(people.clicks)}\n`)
  for (const kind of ['failed', 'lost', 'doubled'])
    await steps.step(`no click was ${kind}`, () => {
      if (all[kind].length > 0) throw new Error(all[kind].slice(0, 20).join('\n'))
    })
  await steps.step('no replica ended by itself', () => {
    if (rehearsal.replicas.fallen() > 0) throw new Error(`${rehearsal.replicas.fallen()} of them did.`)
  })
}
