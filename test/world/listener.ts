// One HTTP server on a loopback port that can stop listening and come back on the same port.
// It knows nothing of what is spoken on it.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export type Listener = {
  readonly port: number
  readonly origin: string
  /** Listens again; nothing happens when it already does. */
  readonly open: () => Promise<void>
  /** Stops listening and ends every connection, also those whose request was never answered. */
  readonly shut: () => Promise<void>
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void

export const LOOPBACK = '127.0.0.1'

/** `port` 0 takes any free one; the port found is kept for every later `open`. */
export async function startListener(port: number, handle: RequestHandler): Promise<Listener> {
  const server = createServer({ keepAlive: true, noDelay: true }, handle)
  // Longer than any client keeps an idle connection: otherwise a request can meet a closing socket.
  server.keepAliveTimeout = 65_000

  const listen = (wanted: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, LOOPBACK, () => {
        server.off('error', reject)
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : wanted)
      })
    })

  const bound = await listen(port)
  return {
    port: bound,
    origin: `http://${LOOPBACK}:${bound}`,
    open: async () => {
      if (!server.listening) await listen(bound)
    },
    shut: () =>
      new Promise<void>((resolve) => {
        if (!server.listening) {
          resolve()
          return
        }
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The whole body as text; rejects when the caller goes away before its end. */
export function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.on('error', reject)
    request.on('close', () => reject(new Error('the caller went away')))
  })
}
