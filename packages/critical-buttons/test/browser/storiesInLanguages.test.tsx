import { composeStories } from '@storybook/react-vite'
import { beforeEach, describe, expect, it } from 'vitest'
import preview from '../../.storybook/preview.js'
import { catalogues } from '../../.storybook/stage/catalogues.js'

type StoryFile = Parameters<typeof composeStories>[0]

interface ComposedStory {
  play?: unknown
  globals?: { locale?: string }
  run(): Promise<void>
}

const FILES = import.meta.glob<StoryFile>(['../../src/*/*.stories.tsx', '../../.storybook/stories/*.stories.tsx'], { eager: true })
const COMPONENT = /([^/]+)\.stories\.tsx$/

beforeEach(() => {
  document.documentElement.removeAttribute('dir')
  document.documentElement.removeAttribute('lang')
})

/** The locale toolbar offers these languages: what a story does by itself must not depend on English words. */
describe.each(Object.keys(catalogues))('with the locale toolbar on "%s"', (locale) => {
  const inLanguage = { ...preview, initialGlobals: { ...preview.initialGlobals, locale, direction: locale === 'ar' ? 'rtl' : 'ltr' } }
  for (const [path, file] of Object.entries(FILES)) {
    const stories = composeStories(file, inLanguage) as Record<string, ComposedStory>
    const played = Object.entries(stories).filter(([, story]) => story.play !== undefined)
    it.each(played)(`${COMPONENT.exec(path)?.[1]}/%s plays to its end`, async (_name, story) => {
      await story.run()
      expect(document.documentElement.lang).toBe(story.globals?.locale ?? locale)
    })
  }
})
