// The source tree as data: files, their lines, and who imports whom.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const SRC = join(ROOT, 'src')

export type Import = {
  /** Path below src/, or the package's name. */
  readonly target: string
  readonly isPackage: boolean
  /** Gone at run time. */
  readonly isTypeOnly: boolean
}

export type SourceFile = {
  /** Below src/, with forward slashes. */
  readonly path: string
  readonly text: string
  /** Without comments and the contents of texts; line by line as in `text`. */
  readonly code: string
  readonly imports: readonly Import[]
}

const IMPORT = /^\s*(?:import|export)\s+(type\s+)?(?:([\w*\s{},$]+?)\s+from\s+)?'([^'\n]+)'/gm
/** `import('…')` anywhere, as a type or awaited: it is an arrow as any other. */
const DYNAMIC_IMPORT = /\bimport\(\s*'([^'\n]+)'/g

function readImports(path: string, text: string): readonly Import[] {
  const stated = [...text.matchAll(IMPORT)].map(([, type, names = '', specifier = '']) => ({
    ...targetOf(path, specifier),
    isTypeOnly: type !== undefined || onlyTypes(names),
  }))
  const dynamic = [...text.matchAll(DYNAMIC_IMPORT)].map(([, specifier = '']) => ({
    ...targetOf(path, specifier),
    isTypeOnly: false,
  }))
  return [...stated, ...dynamic]
}

function targetOf(path: string, specifier: string) {
  const isPackage = !specifier.startsWith('.')
  const target = isPackage
    ? specifier
    : relative(SRC, normalize(join(SRC, dirname(path), specifier))).replaceAll('\\', '/')
  return { target, isPackage }
}

/** `{ type A, type B }`: nothing is left of it at run time. */
function onlyTypes(names: string): boolean {
  const inBraces = /^\{([^}]*)\}$/.exec(names.trim())?.[1]
  if (inBraces === undefined) return false
  return inBraces
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .every((name) => name.startsWith('type '))
}

function withoutComments(text: string): string {
  return (
    text
      .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
      .replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
      .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
      .replace(/"(?:[^"\\\n]|\\.)*"/g, '""')
      // What stands in ${} is code, and stays.
      .replace(/`(?:[^`\\$]|\\.|\$(?!\{)|\$\{[^{}`]*\})*`/g, (literal) =>
        literal.replace(/(\$\{[^{}`]*\})|[^\n`]/g, '$1'),
      )
  )
}

export function readSources(): readonly SourceFile[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(SRC, path), 'utf8')
      return { path, text, code: withoutComments(text), imports: readImports(path, text) }
    })
}

/** The first folder, or the file itself where it stands in no room: `lock`, `schema.ts`. */
export function roomOf(path: string): string {
  return path.split('/')[0] ?? path
}

/** Cycles as the files along them; at least one where there is any. */
export function findCycles(
  edges: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const cycles: string[][] = []
  const done = new Set<string>()
  const visit = (file: string, trail: readonly string[]) => {
    const start = trail.indexOf(file)
    if (start !== -1) {
      cycles.push([...trail.slice(start), file])
      return
    }
    if (done.has(file)) return
    for (const next of edges.get(file) ?? []) visit(next, [...trail, file])
    done.add(file)
  }
  for (const file of edges.keys()) visit(file, [])
  return cycles
}
