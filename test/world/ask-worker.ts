// One request to the Worker, and what came of it: never an exception, so that a Worker that is away is an answer, too.

import { parseJson } from './json.ts'
import type { Answer } from './told.ts'

export async function askWorker(url: URL, init: RequestInit): Promise<Answer> {
  const sentAt = Date.now()
  try {
    const response = await fetch(url, { redirect: 'manual', ...init })
    const text = await response.text()
    const { status, headers } = response
    const body = parseJson(text) ?? text
    return { status, headers, body, problem: null, sentAt, answeredAt: Date.now() }
  } catch (error) {
    return noAnswer(reasonOf(error), sentAt)
  }
}

export function noAnswer(problem: string, sentAt: number): Answer {
  const headers = new Headers()
  return { status: 0, headers, body: null, problem, sentAt, answeredAt: Date.now() }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unreachable'
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time'
  const cause = error.cause
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message
}
