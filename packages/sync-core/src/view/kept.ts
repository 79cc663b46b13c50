/** The same object as before when nothing in it changed, so that nothing renders again. */
export function kept<View extends object>(before: View | undefined, after: View): View {
  if (before === undefined) return after
  for (const field of Object.keys({ ...before, ...after }) as (keyof View)[]) {
    if (before[field] !== after[field] && JSON.stringify(before[field]) !== JSON.stringify(after[field])) return after
  }
  return before
}
