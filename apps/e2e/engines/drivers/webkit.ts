import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort, untilAnswers } from '@org/tooling/loopback'
import { findSystemProgram } from '@org/tooling/system-programs'
import { Builder, By, Key as Code, type WebDriver } from 'selenium-webdriver'
import type { Engine, Key, Profile, Tab } from './Engine.js'
import { Screen } from './Screen.js'
import { untilStill } from './untilStill.js'

const SCRIPT_MS = 60_000
const CODES: Partial<Record<Key, string>> = {
  Enter: Code.ENTER,
  Escape: Code.ESCAPE,
  Tab: Code.TAB,
  ArrowDown: Code.ARROW_DOWN,
  ArrowUp: Code.ARROW_UP,
  Home: Code.HOME,
  End: Code.END,
}

/** WebKitGTK, Safari's engine, by WebDriver. A profile is a browser of its own: the driver holds one at a time. */
export async function startWebKit(): Promise<Engine> {
  const screen = await Screen.open()
  return { name: 'webkit', newProfile: () => WebKitProfile.open(screen.display), close: async () => screen.close() }
}

class WebKitProfile implements Profile {
  readonly #process: ChildProcess
  readonly #driver: WebDriver
  /** WebDriver speaks to one tab at a time: whoever wants another one waits for its turn. */
  #turn: Promise<unknown> = Promise.resolve()
  #isUsed = false

  private constructor(process: ChildProcess, driver: WebDriver) {
    this.#process = process
    this.#driver = driver
  }

  static async open(display: string): Promise<WebKitProfile> {
    const port = await freePort()
    const env = { ...process.env, DISPLAY: display }
    const server = spawn(findSystemProgram('webkitDriver') ?? 'WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
      env,
      stdio: 'ignore',
    })
    const url = `http://127.0.0.1:${port}`
    await untilAnswers(`${url}/status`, server)
    const options = { binary: findSystemProgram('webkit'), args: ['--automation'] }
    const driver = await new Builder()
      .usingServer(url)
      .withCapabilities({ browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options })
      .build()
    await driver.manage().setTimeouts({ script: SCRIPT_MS })
    await driver.manage().window().setRect({ x: 0, y: 0, width: 1280, height: 900 })
    return new WebKitProfile(server, driver)
  }

  /** Does something in a tab, alone. */
  inTab<Result>(handle: string, work: (driver: WebDriver) => Promise<Result>): Promise<Result> {
    return this.#alone(async (driver) => {
      await driver.switchTo().window(handle)
      return work(driver)
    })
  }

  openTab(url: string): Promise<Tab> {
    return this.#alone(async (driver) => {
      // It opens with one tab.
      if (this.#isUsed) {
        await driver.switchTo().window((await driver.getAllWindowHandles())[0] as string)
        await driver.switchTo().newWindow('tab')
      }
      this.#isUsed = true
      const tab = new WebKitTab(this, await driver.getWindowHandle())
      await driver.get(url)
      return tab
    })
  }

  async close(): Promise<void> {
    await this.#driver.quit().catch(() => undefined)
    const gone = once(this.#process, 'exit')
    this.#process.kill()
    await gone
  }

  #alone<Result>(work: (driver: WebDriver) => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(() => work(this.#driver))
    this.#turn = done.catch(() => undefined)
    return done
  }
}

class WebKitTab implements Tab {
  readonly #profile: WebKitProfile
  readonly #handle: string

  constructor(profile: WebKitProfile, handle: string) {
    this.#profile = profile
    this.#handle = handle
  }

  async evaluate<Result, Given>(work: (given: Given) => Result | Promise<Result>, given?: Given): Promise<Result> {
    const script = `const [given, done] = arguments
      Promise.resolve(given).then(${work.toString()}).then((value) => done({ value }), (error) => done({ error: String(error) }))`
    const answer = await this.#do((driver) => driver.executeAsyncScript<{ value: Result; error?: string }>(script, given ?? null))
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer.value
  }

  goto(url: string): Promise<void> {
    return this.#do((driver) => driver.get(url))
  }

  reload(): Promise<void> {
    return this.#do((driver) => driver.navigate().refresh())
  }

  async click(selector: string): Promise<void> {
    await this.evaluate(untilStill, selector)
    await this.#do(async (driver) => {
      const origin = await driver.findElement(By.css(selector))
      await driver.actions().move({ origin }).click().perform()
    })
  }

  press(key: Key): Promise<void> {
    return this.#do((driver) =>
      driver
        .actions()
        .sendKeys(CODES[key] ?? key)
        .perform(),
    )
  }

  async show(): Promise<void> {
    await this.#do(async () => undefined)
  }

  close(): Promise<void> {
    return this.#do((driver) => driver.close())
  }

  #do<Result>(work: (driver: WebDriver) => Promise<Result>): Promise<Result> {
    return this.#profile.inTab(this.#handle, work)
  }
}
