// Makes drizzle quick for a process that builds millions of statements, and changes nothing of what it builds. Its `is`
// asks all classes above a value, each time; the answer depends on the value's prototype alone, so here it is kept.
// Import this before anything that imports drizzle.

import { registerHooks } from 'node:module'

const FILE = '/drizzle-orm/entity.js'
const HEAD = 'function is(value, type) {'

const KEPT = `
const kept = Symbol('kept');
function is(value, type) {
  if (!value || typeof value !== 'object') return false;
  const prototype = Object.getPrototypeOf(value);
  const known = type[kept];
  // A class has what the class above it has.
  const answer = known?.type === type ? known.answers.get(prototype) : undefined;
  return answer === undefined ? firstIs(value, type, prototype) : answer;
}
function firstIs(value, type, prototype) {
  const answer = drizzleIs(value, type);
  if (prototype === null) return answer;
  if (type[kept]?.type !== type) type[kept] = { type, answers: new Map() };
  type[kept].answers.set(prototype, answer);
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
