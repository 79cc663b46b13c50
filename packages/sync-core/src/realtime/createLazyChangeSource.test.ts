import { describe, expect, test } from '@jest/globals'
import type { ChangeSource } from '../ports/ChangeSource.js'
import { settle } from '../testing/settle.js'
import { createLazyChangeSource } from './createLazyChangeSource.js'

function openPage() {
  const log: string[] = []
  let loads = 0
  let finish: (loaded: ChangeSource | Error) => void = () => {}
  const lazy = createLazyChangeSource(() => {
    loads += 1
    return new Promise((resolve, reject) => {
      finish = (loaded) => (loaded instanceof Error ? reject(loaded) : resolve(loaded))
    })
  })
  const real: ChangeSource = {
    setScope: (scope) => log.push(`scope ${scope}`),
    join: (table) => {
      log.push(`join ${table}`)
      return () => log.push(`leave ${table}`)
    },
    refreshAuth: async () => void log.push('refresh'),
    close: () => log.push('close'),
  }
  const join = (table: string) => lazy.join(table, { onStatus: (status) => log.push(`${table} ${status}`), onChange: () => {} })
  return {
    lazy,
    log,
    join,
    loads: () => loads,
    finish: async (loaded: ChangeSource | Error = real) => {
      finish(loaded)
      await settle()
    },
  }
}

describe('a source that is loaded when it is needed', () => {
  test('loads once, for the first table, and then joins whatever is still wanted for whoever is here now', async () => {
    const page = openPage()
    page.lazy.setScope?.('ana')
    await page.lazy.refreshAuth()
    expect(page.loads()).toBe(0)
    page.join('leads')
    page.join('appointments')()
    page.lazy.setScope?.('ben')
    await page.finish()
    expect([page.loads(), page.log]).toEqual([1, ['scope ben', 'join leads']])
  })

  test('is the source itself from then on', async () => {
    const page = openPage()
    const leaveFirst = page.join('leads')
    await page.finish()
    const leaveSecond = page.join('appointments')
    leaveSecond()
    leaveFirst()
    await page.lazy.refreshAuth()
    page.lazy.setScope?.(null)
    page.lazy.close()
    const wanted = ['scope null', 'join leads', 'join appointments', 'leave appointments', 'leave leads', 'refresh', 'scope null', 'close']
    expect(page.log).toEqual(wanted)
  })

  test('that cannot be loaded is lost, and asked for again when the page comes back', async () => {
    const page = openPage()
    page.join('leads')
    await page.finish(new TypeError('offline'))
    expect(page.log).toEqual(['leads lost'])
    void page.lazy.refreshAuth()
    await page.finish()
    expect(page.log).toEqual(['leads lost', 'scope null', 'join leads'])
  })

  test('closed meanwhile, it joins nothing', async () => {
    const page = openPage()
    page.join('leads')
    page.lazy.close()
    await page.finish()
    expect(page.log).toEqual(['close'])
  })
})
