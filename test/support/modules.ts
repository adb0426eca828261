// How a bundle reaches an isolate. One isolate gets it with its configuration. Of many each gets a line
// that imports it, and fetches the modules: the local runtime copies its whole configuration each
// time that grows, and with the bundle in it forty times that takes minutes.

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type Request, Response } from 'miniflare'
import type { Bundle } from './bundle.ts'

export function ownModules(bundle: Bundle) {
  const modules = bundle.modules.map(({ type, path }) => ({ type, path }))
  return { modulesRoot: bundle.root, modules }
}

export function fetchedModules(bundle: Bundle) {
  const [entry] = bundle.modules
  const specifier = JSON.stringify(`./${basename(entry?.path ?? '')}`)
  const contents = `export { default } from ${specifier}; export * from ${specifier}`
  return {
    modules: [{ type: 'ESModule' as const, path: 'isolate.js', contents }],
    unsafeUseModuleFallbackService: true,
  }
}

/** Answers the runtime's question for a module, in workerd's words (`server/fallback-service`). */
export function serveModules(bundle: Bundle): (request: Request) => Response {
  const answers = new Map<string, string>()
  return (request) => {
    const specifier = new URL(request.url).searchParams.get('specifier') ?? ''
    const found = bundle.modules.find(({ path }) => basename(path) === basename(specifier))
    if (!found) return new Response(null, { status: 404 })
    const answer = answers.get(specifier) ?? moduleAnswer(specifier, found)
    answers.set(specifier, answer)
    return new Response(answer)
  }
}

function moduleAnswer(specifier: string, { type, path }: Bundle['modules'][number]): string {
  // The runtime knows the module by its path without the leading slash.
  const name = specifier.replace(/^\//, '')
  const content = readFileSync(path)
  return type === 'ESModule'
    ? JSON.stringify({ name, esModule: content.toString('utf8') })
    : JSON.stringify({ name, data: [...content] })
}
