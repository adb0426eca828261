// Stands in front of the Worker and notes what a browser asks for, also what it does not tell its own
// debugger about. Serves one page of the test's own, as a chat or mail program would.

import { readBody, startListener } from '../world/listener.ts'

export type RecordedRequest = {
  readonly method: string
  readonly path: string
  /** `Sec-Purpose`: set when the browser fetches ahead. */
  readonly purpose: string
}

export type Recorder = {
  readonly pageUrl: string
  readonly servePage: (markup: string) => void
  readonly requests: () => readonly RecordedRequest[]
  readonly close: () => Promise<void>
}

const PAGE_PATH = '/message'

export async function startRecorder(workerOrigin: string): Promise<Recorder> {
  const requests: RecordedRequest[] = []
  let markup = ''
  const listener = await startListener(0, async (request, response) => {
    const { method = 'GET', url = '/' } = request
    const body = await readBody(request)
    const purpose = String(request.headers['sec-purpose'] ?? '')
    requests.push({ method, path: url, purpose })
    if (url === PAGE_PATH) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      response.end(`<!doctype html><title>A message</title>${markup}`)
      return
    }
    const isPost = method === 'POST'
    const answer = await fetch(new URL(url, workerOrigin), {
      method,
      redirect: 'manual',
      headers: isPost ? { 'content-type': request.headers['content-type'] ?? '' } : {},
      ...(isPost ? { body } : {}),
    })
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(await answer.text())
  })
  return {
    pageUrl: listener.origin + PAGE_PATH,
    servePage: (page) => {
      markup = page
    },
    requests: () => requests,
    close: listener.shut,
  }
}
