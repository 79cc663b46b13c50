import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { act, cleanup, render, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import * as scenarios from '../../.storybook/scenarios/index.js'
import { CriticalButtonsProvider } from '../../src/provider/CriticalButtonsProvider.js'
import { createScenarioStage, type ScenarioStage } from '../../src/testing/createScenarioStage.js'
import { heardInOrder } from '../../src/testing/heardInOrder.js'
import { playStep, toBeHeard } from '../../src/testing/Scenario.js'

const open: { close: () => void }[] = []

afterEach(() => {
  cleanup()
  for (const item of open.splice(0)) item.close()
})

describe.each(Object.values(scenarios).map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
  it('ends as it promises', async () => {
    const stage = await createScenarioStage(scenario.stage)
    const clock = jest.spyOn(Date, 'now').mockImplementation(stage.sync.clock.now)
    open.push(stage, { close: () => clock.mockRestore() })
    const show = () => pageOf(stage, scenario.page())
    const { container, rerender } = render(show())
    stage.root = container
    stage.subscribe(() => queueMicrotask(() => act(() => rerender(show()))))
    await act(() => stage.sync.settle())
    for (const [index, step] of scenario.steps.entries()) {
      await playStep(stage, step, (run) => act(run))
      const expected = toBeHeard(scenario, index + 1)
      await waitFor(() => expect(heardInOrder(stage.heard(), expected)).toEqual(expected), { timeout: 10_000 })
    }
    expect(stage.sync.server.effects).toHaveLength(scenario.ending.effects)
    expect(container.textContent).toMatch(scenario.ending.sees)
  })
})

function pageOf(stage: ScenarioStage, page: ReactNode) {
  return (
    <CriticalButtonsProvider client={stage.client} announce={stage.announce} resolveUser={(id) => ({ ben: 'Ben' })[id]}>
      {page}
    </CriticalButtonsProvider>
  )
}
