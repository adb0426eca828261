// Paths as OpenAPI writes them.

/** `/v1/accounts/:accountId` → `/v1/accounts/{accountId}`. */
export function toTemplate(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}')
}
