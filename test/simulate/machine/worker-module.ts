// Loads src/ as it stands, or with one bug planted. A planted bug is a replacement of text, made while the file
// is read: the tree on disk is never touched, and each planted version is a module graph of its own.

import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Ports } from '../../../src/lib/ports.ts'
import { makeDrizzleQuick } from './drizzle-kinds.ts'

/** The Worker of one isolate. */
export type IsolateWorker = {
  readonly fetch: (
    request: Request,
    env: Env,
    context: ExecutionContext,
  ) => Response | Promise<Response>
  readonly queue: (
    batch: MessageBatch<unknown>,
    env: Env,
    context: ExecutionContext,
  ) => Promise<void>
  readonly scheduled: (
    controller: ScheduledController,
    env: Env,
    context: ExecutionContext,
  ) => Promise<void>
}

export type WorkerModule = { readonly createWorker: (ports: Ports) => IsolateWorker }

export type Patch = {
  readonly name: string
  /** Below src/. */
  readonly file: string
  /** Must stand in the file exactly once. */
  readonly find: string
  readonly replace: string
}

const SRC = new URL('../../../src/', import.meta.url).href
const patches = new Map<string, readonly Patch[]>()

registerHooks({
  resolve: (specifier, context, nextResolve) => {
    const resolved = nextResolve(specifier, context)
    const planted = plantedIn(context.parentURL ?? '')
    if (planted === null || !resolved.url.startsWith(SRC) || plantedIn(resolved.url))
      return resolved
    return { ...resolved, url: `${resolved.url}?planted=${planted}` }
  },
  load: (url, context, nextLoad) => {
    const [path = ''] = url.split('?')
    if (path.startsWith(SRC) && path.endsWith('.bin')) {
      return { format: 'module', source: binarySource(path), shortCircuit: true }
    }
    const loaded = nextLoad(url, context)
    const own = patches.get(plantedIn(url) ?? '')?.filter(({ file }) => SRC + file === path) ?? []
    if (own.length === 0 || loaded.source === undefined || loaded.source === null) return loaded
    return { ...loaded, source: own.reduce(apply, textOf(loaded.source)) }
  },
})

export async function loadWorker(
  name: string | null,
  own: readonly Patch[] = [],
): Promise<WorkerModule> {
  await makeDrizzleQuick()
  if (name !== null) patches.set(name, own)
  const query = name === null ? '' : `?planted=${name}`
  const module: WorkerModule = await import(`${SRC}worker.ts${query}`)
  return module
}

function plantedIn(url: string): string | null {
  return url.startsWith(SRC) ? (/\?planted=([\w-]+)$/.exec(url)?.[1] ?? null) : null
}

function apply(source: string, { name, file, find, replace }: Patch): string {
  const places = source.split(find).length - 1
  if (places !== 1)
    throw new Error(`planted bug ${name}: its text stands ${places} times in src/${file}`)
  return source.replace(find, () => replace)
}

function textOf(source: string | ArrayBuffer | NodeJS.TypedArray): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source)
}

/** As wrangler's rule for .bin gives it: an ArrayBuffer. */
function binarySource(url: string): string {
  return `import { readFileSync } from 'node:fs'
    export default Uint8Array.from(readFileSync(${JSON.stringify(fileURLToPath(url))})).buffer`
}
