// A way to the Worker that can be closed, as if the Worker had stopped, and opened again. It passes bytes and
// looks at none; the runtime behind it, which takes seconds to start, stays for the next file.

import { connect, createServer, type Socket } from 'node:net'
import { LOOPBACK } from '../world/listener.ts'

export type Gate = {
  readonly origin: string
  /** Listens again, on the same port. */
  readonly open: () => Promise<void>
  /** Ends every connection, and refuses new ones. */
  readonly shut: () => Promise<void>
}

export async function startGate(workerOrigin: string): Promise<Gate> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // Either side may hang up at any time; the other one is told by the pipe's end.
    socket.on('error', () => socket.destroy())
  }
  const server = createServer((near) => {
    const far = connect(Number(new URL(workerOrigin).port), LOOPBACK)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      keep(one)
      one.on('close', () => other.destroy())
      one.pipe(other)
    }
  })
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, LOOPBACK, () => {
        server.off('error', reject)
        resolve()
      })
    })
  await listen(0)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the gate has no port')
  const { port } = address
  return {
    origin: `http://${LOOPBACK}:${port}`,
    open: () => listen(port),
    shut: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
