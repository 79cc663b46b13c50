import { describe, expect, it } from '@jest/globals'
import { type Chosen, NOTHING, reached, toggled } from './selection.js'

const listed = ['a', 'b', 'c', 'd', 'e']
const idsOf = ({ ids }: Chosen) => [...ids].sort()

describe('selecting leads', () => {
  it('selects one and unselects it again', () => {
    const one = toggled(NOTHING, 'b')
    expect(idsOf(one)).toEqual(['b'])
    expect(idsOf(toggled(one, 'b'))).toEqual([])
  })

  it('reaches from the last one that was clicked, up or down, and keeps what was selected elsewhere', () => {
    const from = toggled(toggled(NOTHING, 'a'), 'c')
    expect(idsOf(reached(from, 'e', listed))).toEqual(['a', 'c', 'd', 'e'])
    expect(idsOf(reached(from, 'b', listed))).toEqual(['a', 'b', 'c'])
  })

  it('reaches from the same one again and again', () => {
    const further = reached(reached(toggled(NOTHING, 'b'), 'c', listed), 'd', listed)
    expect(further.anchor).toBe('b')
    expect(idsOf(further)).toEqual(['b', 'c', 'd'])
  })

  it('follows the order that is shown', () => {
    expect(idsOf(reached(toggled(NOTHING, 'a'), 'c', ['c', 'e', 'a', 'b']))).toEqual(['a', 'c', 'e'])
  })

  it('is one lead alone when there is nothing to reach from, or when that left the list', () => {
    expect(reached(NOTHING, 'd', listed)).toEqual({ ids: new Set(['d']), anchor: 'd' })
    expect(idsOf(reached(toggled(NOTHING, 'gone'), 'd', listed))).toEqual(['d', 'gone'])
  })

  it('reaches to nothing that is not listed', () => {
    expect(idsOf(reached(toggled(NOTHING, 'a'), 'gone', listed))).toEqual(['a'])
  })
})
