// How Node loads src/ here: binary files as wrangler's rule gives them, and, beside the tree as it stands, whole module
// graphs of their own with a text replaced in them. The replacement is made while the file is read: the tree on disk is
// never touched.

import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

export type Patch = {
  readonly name: string
  /** Below src/. */
  readonly file: string
  /** Must stand in the file exactly once. */
  readonly find: string
  readonly replace: string
}

const SRC = new URL('../../src/', import.meta.url).href
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

/** From now on the graph `name`, of letters, digits and dashes, has these patches; to be called before it is imported. */
export function plant(name: string, own: readonly Patch[]): void {
  patches.set(name, own)
}

/** To import a file below src/ by: of the tree as it stands, or of the graph `name`. */
export function sourceUrl(file: string, name: string | null): string {
  return `${SRC}${file}${name === null ? '' : `?planted=${name}`}`
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
