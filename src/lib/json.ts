// JSON that others wrote, without a throw.

/** Undefined for what is no JSON: no JSON text parses to that. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}

/** A setting of the Worker: text where it was typed in, a value where the configuration file holds JSON. */
export function parseJsonSetting(setting: unknown): unknown {
  return typeof setting === 'string' ? parseJson(setting) : setting
}
