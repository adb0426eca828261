// Makes drizzle quick for a process that builds millions of statements, and changes nothing of what it builds. Its `is`
// asks all classes above a value, each time; the answer depends on the value's prototype alone, so here it is kept.
// Import this before anything that imports drizzle.

import { registerHooks } from 'node:module'

const FILE = '/drizzle-orm/entity.js'
const HEAD = 'function is(value, type) {'

const KEPT = `
const answers = new WeakMap();
function is(value, type) {
  if (!value || typeof value !== 'object') return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return drizzleIs(value, type);
  let known = answers.get(prototype);
  if (known === undefined) answers.set(prototype, (known = new Map()));
  let answer = known.get(type);
  if (answer === undefined) known.set(type, (answer = drizzleIs(value, type)));
  return answer;
}
function drizzleIs(value, type) {`

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context)
    if (!url.endsWith(FILE)) return loaded
    const source = new TextDecoder().decode(bytesOf(loaded.source))
    if (!source.includes(HEAD)) throw new Error(`drizzle's ${FILE} is not what it was`)
    return { ...loaded, source: source.replace(HEAD, () => KEPT) }
  },
})

/** Texts made the short way, from now on. */
export async function makeDrizzleQuick(): Promise<void> {
  const { shortenToQuery } = await import('./sql-text.ts')
  shortenToQuery()
}

function bytesOf(source: string | ArrayBuffer | NodeJS.TypedArray | undefined | null) {
  return typeof source === 'string' ? new TextEncoder().encode(source) : (source ?? undefined)
}
