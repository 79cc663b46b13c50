/** The engines that people use: Chrome and Edge, Firefox, Safari. */
export type EngineName = 'chromium' | 'firefox' | 'webkit'

/** One browser, as it is installed here. Everything below is what all three can be asked for. */
export interface Engine {
  readonly name: EngineName
  /** A person's browser with nothing stored yet; its tabs share what they store. */
  newProfile(): Promise<Profile>
  close(): Promise<void>
}

export interface Profile {
  openTab(url: string): Promise<Tab>
  close(): Promise<void>
}

export interface Tab {
  /** Runs in the page and waits for what it promises. It sees nothing of the test but `given`. */
  evaluate<Result, Given = undefined>(work: (given: Given) => Result | Promise<Result>, given?: Given): Promise<Result>
  goto(url: string): Promise<void>
  reload(): Promise<void>
  /** By the pointer, in the middle of the first element that matches: whatever lies there is hit. */
  click(selector: string): Promise<void>
  /** One key, by its name in `KeyboardEvent.key`, at whatever has the focus. */
  press(key: Key): Promise<void>
  /** In front of the profile's other tabs. */
  show(): Promise<void>
  close(): Promise<void>
}

export type Key = 'Enter' | 'Escape' | 'Tab' | 'ArrowDown' | 'ArrowUp' | 'Home' | 'End' | ' '
