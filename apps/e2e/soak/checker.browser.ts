import { type Click, judgeEffects, judgeLabels, judgeLoss } from './judge.js'
import type { Effect, Proof } from './proof.js'
import { runSoak } from './runSoak.js'
import { expect, test } from './world.js'

const SHORT = { forMs: 6_000, seed: 1 }

function aClick(change: Partial<Click> = {}): Click {
  return { id: 'key-1', kind: 'status', actor: 'user-456', text: null, stored: true, told: false, ...change }
}

function clicksOf(...list: Click[]): Map<string, Click> {
  return new Map(list.map((click) => [click.id, click]))
}

function aProof(effects: Partial<Effect>[] = [], accepted: Record<string, number> = {}): Proof {
  const whole = effects.map((effect) => ({ key: 'key-1', actor: 'user-456', rows: ['leads/lead-1'], ...effect }))
  return {
    effects: new Map(whole.map((effect) => [effect.key, effect])),
    accepted: new Map(Object.entries(accepted)),
    succeeded: new Set(),
  }
}

const label = { id: 'key-1', tab: 'tab 1', code: null }

test('an effect of a click, by its person and once, is no fault', () => {
  expect(judgeEffects(clicksOf(aClick()), aProof([{ rows: ['leads/lead-1', 'leads/lead-2'] }]))).toEqual([])
})

test('a row changed twice by one key is doubled, and so is an SMS that went out twice', () => {
  expect(judgeEffects(clicksOf(aClick()), aProof([{ rows: ['leads/lead-1', 'leads/lead-1'] }]))).toMatchObject([{ rule: 'doubled' }])
  const sms = clicksOf(aClick({ kind: 'sms', text: 'Hello' }))
  expect(judgeEffects(sms, aProof([{ rows: ['sms_messages'] }], { Hello: 2 }))).toMatchObject([{ rule: 'doubled' }])
})

test('an effect in the name of another person, or of no click, is a fault', () => {
  expect(judgeEffects(clicksOf(aClick()), aProof([{ actor: 'user-789' }]))).toMatchObject([{ rule: 'another name' }])
  expect(judgeEffects(clicksOf(), aProof([{}]))).toMatchObject([{ rule: 'nobody clicked' }])
})

test('success without an effect and an error with one are false labels; what is not known yet is none', () => {
  const judge = (phase: string, before: Proof, after: Proof) =>
    judgeLabels([{ ...label, phase }], { clicks: clicksOf(aClick()), before, after })
  expect(judge('success', aProof(), aProof())).toMatchObject([{ rule: 'false label' }])
  expect(judge('success', aProof(), aProof([{}]))).toEqual([])
  for (const phase of ['error', 'conflict']) {
    expect(judge(phase, aProof([{}]), aProof([{}]))).toMatchObject([{ rule: 'false label' }])
    expect(judge(phase, aProof(), aProof([{}]))).toEqual([])
  }
  for (const phase of ['running', 'queued', 'checking', 'unknown']) expect(judge(phase, aProof([{}]), aProof([{}]))).toEqual([])
})

test('a bulk that the ledger holds as a success needs no changed row', () => {
  const judge = (click: Click, proof: Proof) =>
    judgeLabels([{ ...label, phase: 'success' }], { clicks: clicksOf(click), before: proof, after: proof })
  const succeeded = { ...aProof(), succeeded: new Set(['key-1']) }
  expect(judge(aClick({ kind: 'bulk' }), succeeded)).toEqual([])
  expect(judge(aClick({ kind: 'bulk' }), aProof())).toMatchObject([{ rule: 'false label' }])
  expect(judge(aClick(), succeeded)).toMatchObject([{ rule: 'false label' }])
})

test('an SMS is done when the carrier has it, whatever its row says', () => {
  const clicks = clicksOf(aClick({ kind: 'sms', text: 'Hello' }))
  const judge = (phase: string, proof: Proof) => judgeLabels([{ ...label, phase }], { clicks, before: proof, after: proof })
  expect(judge('success', aProof([{ rows: ['sms_messages'] }]))).toMatchObject([{ rule: 'false label' }])
  expect(judge('error', aProof([], { Hello: 1 }))).toMatchObject([{ rule: 'false label' }])
})

test('a stored click without effect, ending or anybody who shows it is lost', () => {
  const lost = (click: Partial<Click>, proof = aProof(), visible: string[] = []) =>
    judgeLoss(clicksOf(aClick(click)), proof, new Set(visible))
  expect(lost({})).toMatchObject([{ rule: 'lost' }])
  expect(lost({}, aProof([{}]))).toEqual([])
  expect(lost({}, aProof(), ['key-1'])).toEqual([])
  expect(lost({ told: true })).toEqual([])
  expect(lost({ stored: false })).toEqual([])
})

test('a calm soak finds nothing', async ({ context, demo }) => {
  const { faults, effects } = await runSoak({ context, demoUrl: demo.url, ...SHORT, sabotage: { calm: true } })
  expect(faults).toEqual([])
  expect(effects).toBeGreaterThan(0)
})

test('a network that sends each write once more under another key is found', async ({ context, demo }) => {
  const { faults } = await runSoak({ context, demoUrl: demo.url, ...SHORT, sabotage: { calm: true, repeatsWrites: true } })
  expect(faults.map(({ rule }) => rule)).toContain('nobody clicked')
})

test('a button that shows an error of what was done is found', async ({ context, demo }) => {
  const falsify = <Label extends { phase: string }>(shown: Label) => ({
    ...shown,
    phase: shown.phase === 'success' ? 'error' : shown.phase,
  })
  const { faults } = await runSoak({ context, demoUrl: demo.url, ...SHORT, sabotage: { calm: true, falsify } })
  expect(faults.map(({ rule }) => rule)).toContain('false label')
})

test('clicks that went with the storage before they were sent are found', async ({ context, demo }) => {
  const { faults } = await runSoak({ context, demoUrl: demo.url, ...SHORT, sabotage: { calm: true, losesStorage: true } })
  expect(faults.map(({ rule }) => rule)).toContain('lost')
})
