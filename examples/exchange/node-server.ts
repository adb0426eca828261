// Puts the exchange behind Node's own HTTP server: requests and answers as the web platform has them. Behind a proxy,
// take the address from the header that your own proxy sets.

import { createServer, type IncomingMessage, type Server } from 'node:http'

const BODY_MAX_BYTES = 128 * 1024

/** Hono's `app.fetch`, or anything of that kind. */
export type Serve = (
  request: Request,
  env: { readonly ip: string | null },
) => Response | Promise<Response>

export function serveOn(port: number, host: string, serve: Serve): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    toRequest(incoming)
      .then((request) =>
        request === null
          ? new Response(null, { status: 413, headers: { connection: 'close' } })
          : serve(request, { ip: incoming.socket.remoteAddress ?? null }),
      )
      .catch(() => new Response(null, { status: 500 }))
      .then(async (response) => {
        const body = Buffer.from(await response.arrayBuffer())
        outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(body)
      })
      // The caller went away.
      .catch(() => outgoing.destroy())
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve(server))
  })
}

/** Null where its body is too large: nobody reads it to its end. */
async function toRequest(incoming: IncomingMessage): Promise<Request | null> {
  const { method = 'GET', url = '/', headers } = incoming
  const given = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  )
  const init = { method, headers: Object.fromEntries(given) }
  const target = new URL(url, 'http://exchange.invalid')
  if (method === 'GET' || method === 'HEAD') return new Request(target, init)
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming) {
    bytes += chunk.length
    if (bytes > BODY_MAX_BYTES) return null
    chunks.push(chunk)
  }
  return new Request(target, { ...init, body: Buffer.concat(chunks) })
}
