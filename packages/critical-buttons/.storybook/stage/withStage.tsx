import type { Decorator, Loader } from '@storybook/react-vite'
import { useEffect, useMemo } from 'react'
import { CriticalButtonsProvider } from '../../src/provider/CriticalButtonsProvider.js'
import type { FakeSyncClient } from '../../src/testing/createFakeSyncClient.js'
import { catalogues } from './catalogues.js'
import { createStageClient, playSuccesses } from './createStageClient.js'
import { Note } from './Note.js'
import type { StageParameters } from './StageParameters.js'
import { setReducedMotion } from './setReducedMotion.js'
import { setStageClient } from './stageClient.js'

/** Opens the story's page before it is shown, so that the first picture is the right one. */
export const loadStage: Loader = async ({ globals, parameters }) => ({
  client: await createStageClient(parameters.stage ?? {}, globals.network === 'offline'),
})

/** Around every story: a fake client in the state the story asks for, the toolbars, and the story's note. */
export const withStage: Decorator = (Story, context) => {
  const { globals, loaded, parameters, viewMode } = context
  const stage: StageParameters = parameters.stage ?? {}
  // biome-ignore lint/correctness/useExhaustiveDependencies: a story starts afresh when it is opened, and when the network is switched
  const client = useMemo(() => loaded.client as FakeSyncClient, [context.id, globals.network])
  // biome-ignore lint/correctness/useExhaustiveDependencies: belongs to the client
  useEffect(() => playSuccesses(client, stage.clicks ?? []), [client])
  useEffect(() => setReducedMotion(globals.motion === 'reduced'), [globals.motion])
  useEffect(() => {
    // A docs page around the story is English, whatever the story speaks.
    if (viewMode === 'docs') return
    document.documentElement.lang = globals.locale
    document.documentElement.dir = globals.direction
  }, [viewMode, globals.locale, globals.direction])
  setStageClient(client)

  const themes = globals.theme === 'both' ? ['light', 'dark'] : [globals.theme]
  return (
    <div className={themes.length > 1 ? 'stage-pair' : undefined}>
      {themes.map((theme) => (
        <div key={theme} className="stage" data-view={viewMode} data-cb-theme={theme} dir={globals.direction} lang={globals.locale}>
          <CriticalButtonsProvider client={client} messages={catalogues[globals.locale] ?? {}} resolveUser={resolveUser}>
            <Story />
          </CriticalButtonsProvider>
          {stage.note && <Note {...stage.note} />}
        </div>
      ))}
    </div>
  )
}

const NAMES: Record<string, string> = { ana: 'Ana', ben: 'Ben', 'user-456': 'Ana' }

function resolveUser(id: string): string | undefined {
  return NAMES[id]
}
