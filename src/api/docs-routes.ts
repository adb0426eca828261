// GET /openapi.json and GET /docs: the same document for programs and for people. Answers whatever the
// settings are: who is setting the service up needs it most. Shows nothing that is secret.

import { Hono } from 'hono'
import { toBase64Url } from '../lib/base64.ts'
import type { Ports } from '../lib/ports.ts'
import { paths } from '../paths.ts'
import { docsPage } from './docs-page.ts'
import { openApiDocument } from './openapi/document.ts'

const NONCE_BYTES = 16

export type DocsContext = Pick<Ports, 'randomBytes'> & {
  /** Where this deployment is reached, or null while that is not known. */
  readonly origin: string | null
}

/** `read` says where the routes find what they need: there are two apps that show them. */
export function createDocsRoutes<E extends { Bindings: object }>(
  read: (bindings: E['Bindings']) => DocsContext,
): Hono<E> {
  const docsRoutes = new Hono<E>()
  docsRoutes.get(paths.openapi, async (c) => {
    // Public and the same for everyone: viewers on other origins may read it.
    c.header('access-control-allow-origin', '*')
    c.header('cache-control', 'public, max-age=300')
    return c.json(await openApiDocument(read(c.env).origin))
  })
  docsRoutes.get(paths.docs, async (c) => {
    const { origin, randomBytes } = read(c.env)
    const styleNonce = toBase64Url(randomBytes(NONCE_BYTES))
    c.header(
      'content-security-policy',
      `default-src 'none'; style-src 'nonce-${styleNonce}'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
    )
    return c.html(docsPage(await openApiDocument(origin), styleNonce))
  })
  return docsRoutes
}
