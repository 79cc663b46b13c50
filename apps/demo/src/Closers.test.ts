import { describe, expect, it } from '@jest/globals'
import { Closers } from './Closers.js'

describe('letting go', () => {
  it('goes in the opposite order of taking, once', async () => {
    const closed: string[] = []
    const closers = new Closers()
    for (const name of ['database', 'server']) closers.add(() => closed.push(name))
    await closers.close()
    await closers.close()
    expect(closed).toEqual(['server', 'database'])
  })

  it('goes on after a refusal and tells of it', async () => {
    const closed: string[] = []
    const closers = new Closers()
    closers.add(() => closed.push('database'))
    closers.add(() => Promise.reject(new Error('still busy')))
    await expect(closers.close()).rejects.toThrow('still busy')
    expect(closed).toEqual(['database'])
  })
})
