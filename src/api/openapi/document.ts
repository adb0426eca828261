// The OpenAPI document of one deployment. What it says is document.json, which is built from the routes'
// declarations; here it only learns where it is served.

import data from './document.json' with { type: 'json' }
import type { OpenApiDocument } from './types.ts'

/** The document of the deployment at `origin`; null when that is not known. */
export function openApiDocument(origin: string | null): OpenApiDocument {
  return { ...data, servers: [{ url: origin ?? '/', description: 'This deployment' }] }
}
