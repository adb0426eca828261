// What a file takes from the runtime without importing it, read from its syntax tree: each name that nothing in
// scope declares, with how it is used. A list of what is forbidden would be dodged by the next spelling
// (`self.fetch`, `const { now } = Date`); from this, a list of what is allowed can be held. Types are not seen.

import { parseSync } from 'rolldown/utils'

type Node = { readonly type: string; readonly [key: string]: unknown }

/** What a file brings in by a specifier, whichever way it says so; null is one that is computed. */
export type FromOutside = {
  /** `Date.now`, `new Date(1)` (with the number of arguments), `crypto.subtle.sign`, `fetch`. */
  readonly uses: readonly string[]
  readonly specifiers: readonly (string | null)[]
}

type Scope = ReadonlySet<string>

/** @throws where the text is no TypeScript. */
export function readFromOutside(path: string, text: string): FromOutside {
  const { program, errors } = parseSync(path, text, { lang: 'ts', sourceType: 'module' })
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const uses: string[] = []
  const specifiers: (string | null)[] = []

  const visit = (node: Node, parents: readonly Node[], scopes: readonly Scope[]): void => {
    const inner = OPENS_SCOPE.test(node.type) ? [...scopes, declaredBy(node)] : scopes
    if (/^(Import|ExportAll|ExportNamed)(Declaration|Expression)$/.test(node.type)) {
      const { source } = node
      if (isNode(source)) specifiers.push(typeof source.value === 'string' ? source.value : null)
    }
    if (node.type === 'MetaProperty') uses.push(text.slice(Number(node.start), Number(node.end)))
    if (node.type === 'Identifier') {
      const name = String(node.name)
      if (!inner.some((scope) => scope.has(name))) uses.push(useOf(name, node, parents))
      return
    }
    for (const child of childrenOf(node)) visit(child, [node, ...parents], inner)
  }
  visit({ ...program, type: program.type }, [], [])
  return { uses, specifiers }
}

const OPENS_SCOPE =
  /^(Program|Function\w+|ArrowFunctionExpression|Block\w+|StaticBlock|For\w+|CatchClause|SwitchStatement|Class\w+)$/

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}

/** Of a type nothing is left at run time; of what only says a type, the expression it is said of. */
const TYPED_EXPRESSION =
  /^TS(As|Satisfies|NonNull|Instantiation)Expression$|^TSTypeAssertion$|^TSExportAssignment$/
const NAMES_ALONE: Readonly<Record<string, readonly string[]>> = {
  ImportDeclaration: ['specifiers', 'source', 'attributes'],
  ExportAllDeclaration: ['exported', 'source', 'attributes'],
  ExportSpecifier: ['exported'],
  MetaProperty: ['meta', 'property'],
  LabeledStatement: ['label'],
  BreakStatement: ['label'],
  ContinueStatement: ['label'],
}

function childrenOf(node: Node): readonly Node[] {
  if (node.type.startsWith('TS')) {
    return TYPED_EXPRESSION.test(node.type) && isNode(node.expression) ? [node.expression] : []
  }
  const left = NAMES_ALONE[node.type] ?? []
  const isPlainName = node.computed !== true
  return Object.entries(node)
    .filter(([key]) => !left.includes(key))
    .filter(([key]) => !(isPlainName && key === 'property' && node.type === 'MemberExpression'))
    .filter(([key]) => !(isPlainName && key === 'key'))
    .filter(() => !(node.type === 'ExportNamedDeclaration' && isNode(node.source)))
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter(isNode)
}

/** Names that a scope itself declares; `var` counts where it stands, and no file has one. */
function declaredBy(scope: Node): Scope {
  const names = new Set<string>()
  const own = [scope.id, scope.param, scope.init, scope.left].filter(isNode)
  const listed = [scope.params, scope.cases, scope.body].flat().filter(isNode)
  const statements = scope.type === 'SwitchStatement' ? listed.flatMap(childrenOf) : listed
  if (!/^For/.test(scope.type)) for (const one of own) bind(one, names)
  for (const one of [...own, ...statements]) declare(one, names)
  if (/Function/.test(scope.type)) for (const one of statements) bind(one, names)
  return names
}

function declare(statement: Node, names: Set<string>): void {
  const { declaration } = statement
  if (/^Export/.test(statement.type) && isNode(declaration)) declare(declaration, names)
  if (statement.type === 'ImportDeclaration') {
    for (const one of [statement.specifiers].flat().filter(isNode)) bind(one.local, names)
  }
  if (statement.type === 'VariableDeclaration') {
    for (const one of [statement.declarations].flat().filter(isNode)) bind(one.id, names)
  }
  if (/^(Function|Class)Declaration$/.test(statement.type)) bind(statement.id, names)
}

/** The names that a pattern gives a value to. */
function bind(pattern: unknown, names: Set<string>): void {
  if (!isNode(pattern)) return
  if (pattern.type === 'Identifier') names.add(String(pattern.name))
  if (pattern.type === 'AssignmentPattern') bind(pattern.left, names)
  if (pattern.type === 'RestElement') bind(pattern.argument, names)
  if (pattern.type === 'Property') bind(pattern.value, names)
  if (/^(Object|Array)Pattern$/.test(pattern.type)) {
    for (const one of [pattern.properties, pattern.elements].flat()) bind(one, names)
  }
}

/** The name with the members asked of it by name, and the call of it where it is made with `new`. */
function useOf(name: string, node: Node, parents: readonly Node[]): string {
  let use = name
  let inner = node
  for (const parent of parents) {
    if (parent.type === 'NewExpression' && parent.callee === inner) {
      const given = [parent.arguments].flat().filter(isNode)
      const isSpread = given.some(({ type }) => type === 'SpreadElement')
      return `new ${use}(${isSpread ? '...' : given.length})`
    }
    const isMember = parent.type === 'MemberExpression' && parent.object === inner
    if (!isMember || parent.computed === true || !isNode(parent.property)) return use
    use = `${use}.${String(parent.property.name)}`
    inner = parent
  }
  return use
}
