/** The environment without what shells and files leave around a value: `set PORT=4301 && npm start` means 4301. */
export function trimmedEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value?.trim()]))
}
