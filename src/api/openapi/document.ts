// The OpenAPI document of one deployment. What it says is document.json, which is built from the routes'
// declarations; here it only learns where it is served.

import type { OpenApiDocument } from './types.ts'

/**
 * The document of the deployment at `origin`; null when that is not known. Imported when it is first asked
 * for: 80 KB that no other request needs would cost every isolate's start two milliseconds.
 */
export async function openApiDocument(origin: string | null): Promise<OpenApiDocument> {
  const { default: data } = await import('./document.json', { with: { type: 'json' } })
  return { ...data, servers: [{ url: origin ?? '/', description: 'This deployment' }] }
}
