import { describe, expect, it } from '@jest/globals'
import { tidyArgTypes } from '../.storybook/stage/tidyArgTypes.js'

type ArgTypes = Parameters<typeof tidyArgTypes>[0]['argTypes']

function tidied(argType: Partial<ArgTypes[string]>) {
  return tidyArgTypes({ argTypes: { prop: { name: 'prop', ...argType } } }).prop
}

describe('a table of props', () => {
  it('shows a default as it is written in code', () => {
    const table = { defaultValue: { summary: '"\'default\'"' } }
    expect(tidied({ table })?.table?.defaultValue?.summary).toBe("'default'")
    expect(tidied({ table: { defaultValue: { summary: 'true for `disabled`' } } })?.table?.defaultValue?.summary).toBe('true for disabled')
  })

  it.each([
    ['((error: MutationError) => void)', '(error: MutationError) => void'],
    ['(ButtonClassNames & { menu?: string; })', 'ButtonClassNames & { menu?: string; }'],
    ['(a: string) => void', '(a: string) => void'],
    ['boolean', 'boolean'],
  ])('shows the type %s as %s', (summary, shown) => {
    expect(tidied({ table: { type: { summary } } })?.table?.type?.summary).toBe(shown)
  })

  it('offers a field for plain values alone', () => {
    expect(tidied({ type: { name: 'boolean' } })?.control).toBeUndefined()
    expect(tidied({ type: { name: 'other', value: 'ButtonSlots' } })?.control).toEqual({ disable: true })
    expect(tidied({})?.control).toEqual({ disable: true })
  })
})
