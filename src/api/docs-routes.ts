// GET /openapi.json and GET /docs: the same document for programs and for people. Answers whatever the
// settings are: who is setting the service up needs it most. Shows nothing that is secret.

import { Hono } from 'hono'
import type { AppEnv, SetupEnv } from '../app-env.ts'
import { toBase64Url } from '../lib/base64.ts'
import { paths } from '../paths.ts'
import { docsPage } from './docs-page.ts'
import { openApiDocument } from './openapi/document.ts'

/** `originOf` says where this deployment is reached, or null while that is not known. */
export function createDocsRoutes<E extends AppEnv | SetupEnv>(
  originOf: (bindings: E['Bindings']) => string | null,
): Hono<E> {
  const docsRoutes = new Hono<E>()
  docsRoutes.get(paths.openapi, (c) => {
    // Public and the same for everyone: viewers on other origins may read it.
    c.header('access-control-allow-origin', '*')
    c.header('cache-control', 'public, max-age=300')
    return c.json(openApiDocument(originOf(c.env)))
  })
  docsRoutes.get(paths.docs, (c) => {
    const styleNonce = toBase64Url(crypto.getRandomValues(new Uint8Array(16)))
    c.header(
      'content-security-policy',
      `default-src 'none'; style-src 'nonce-${styleNonce}'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
    )
    // The nonce is for one answer only.
    c.header('cache-control', 'no-store')
    return c.html(docsPage(openApiDocument(originOf(c.env)), styleNonce))
  })
  return docsRoutes
}
