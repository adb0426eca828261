// The key of whoever operates the Worker that `npm start` runs. Made of the exchange's, so that an older file of keys will do.

export function localOpsKey({ apiKeys }: { readonly apiKeys: readonly string[] }): string {
  return `${apiKeys[0] ?? ''}-ops`
}

/** As `API_KEYS` has it. */
export function localOpsKeySetting(secrets: { readonly apiKeys: readonly string[] }): string {
  return `${localOpsKey(secrets)}:ops.read,ops.act`
}
