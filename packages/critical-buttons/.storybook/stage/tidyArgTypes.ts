import type { Preview } from '@storybook/react-vite'

type Enhancer = NonNullable<Preview['argTypesEnhancers']>[number]
type ArgTypes = ReturnType<Enhancer>

const EDITABLE = ['boolean', 'enum', 'number', 'string']

/** Makes the table of props readable: a type as one writes it, a default without its quotes, no field for what cannot be typed in. */
export const tidyArgTypes = ({ argTypes }: { argTypes: ArgTypes }): ArgTypes =>
  Object.fromEntries(Object.entries(argTypes).map(([name, argType]) => [name, tidy(argType)]))

function tidy(argType: ArgTypes[string]): ArgTypes[string] {
  const { table = {}, type } = argType
  return {
    ...argType,
    ...(EDITABLE.includes(type?.name ?? '') ? {} : { control: { disable: true } }),
    table: {
      ...table,
      ...(table.type && { type: { ...table.type, summary: withoutBrackets(table.type.summary) } }),
      ...(table.defaultValue && { defaultValue: { ...table.defaultValue, summary: withoutQuotes(table.defaultValue.summary) } }),
    },
  }
}

/** `((error: MutationError) => void)` came out of a union with undefined. */
function withoutBrackets(text = ''): string {
  return /^\(.*\)$/.test(text) && /^\((\(.*\) => .*|[^()]*(<.*>|\{.*\})[^()]*)\)$/.test(text) ? text.slice(1, -1) : text
}

/** TSDoc's `@default 'default'` is quoted once more by Storybook; its code marks mean nothing in a table. */
function withoutQuotes(text = ''): string {
  return text
    .replace(/^"(.*)"$/s, '$1')
    .replaceAll('`', '')
    .replace(/\s+/g, ' ')
}
