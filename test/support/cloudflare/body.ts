// What a request to the stand-in of Cloudflare's API carries, and fields of it. Total: what is not there is empty.

import type { IncomingMessage } from 'node:http'

/** JSON, or the parts of a form by name; of files the name counts, `metadata` is JSON itself. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const bytes = Buffer.concat(chunks)
  const type = request.headers['content-type'] ?? ''
  if (bytes.length === 0) return null
  if (!type.startsWith('multipart/')) return parseJson(bytes.toString('utf8'))
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData()
  const parts = [...form.entries()].map(([name, value]): [string, unknown] => [
    name,
    typeof value === 'string' ? parseJson(value) : `${value.size} bytes`,
  ])
  return Object.fromEntries(parts)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {}
}

export const field = (value: unknown, key: string): unknown => recordOf(value)[key]
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export function textOf(value: unknown, key: string): string {
  const found = field(value, key)
  return typeof found === 'string' ? found : ''
}
