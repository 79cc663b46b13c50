import type { StageNote } from './StageParameters.js'

/** Says under a story what a person sees, hears and can do. */
export function Note({ sees, hears, can }: StageNote) {
  return (
    <dl className="stage-note">
      <dt>Sees</dt>
      <dd>{sees}</dd>
      <dt>Hears</dt>
      <dd>{hears}</dd>
      <dt>Can</dt>
      <dd>{can}</dd>
    </dl>
  )
}
