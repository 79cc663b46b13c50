/** Joins class names, leaving out what is not given. */
export function joinClassNames(...names: readonly (string | undefined | false)[]): string {
  return names.filter(Boolean).join(' ')
}
