/** A setting that stops the start. The message is one line that names the variable and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
