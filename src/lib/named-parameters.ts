// SQL with parameters by name, for the one statement that is worth its own text. D1 takes numbers only, so the names
// are turned into numbers once, when the text is made.

/** What D1 binds; a flag is bound as 1 or 0. */
export type SqlValue = string | number | null

/** Each parameter's value, by its name, of what the statement is about. */
export type SqlParameters<Subject> = Readonly<Record<string, (subject: Subject) => SqlValue>>

export type NamedSql<Subject> = {
  readonly text: string
  readonly valuesOf: (subject: Subject) => readonly SqlValue[]
}

/**
 * `:name` → `?N`, the form D1 knows (https://www.sqlite.org/lang_expr.html#varparam). Throws for a name without a
 * value and for a value without use: both are slips of whoever wrote the text.
 */
export function nameParameters<Subject>(
  text: string,
  parameters: SqlParameters<Subject>,
): NamedSql<Subject> {
  const names = Object.keys(parameters)
  const used = new Set<string>()
  const numbered = text.replaceAll(/:([a-zA-Z]\w*)/g, (_, name: string) => {
    const index = names.indexOf(name)
    if (index === -1) throw new Error(`no value for the parameter :${name}`)
    used.add(name)
    return `?${index + 1}`
  })
  const unused = names.filter((name) => !used.has(name))
  if (unused.length > 0) throw new Error(`no use of the parameters ${unused.join(', ')}`)
  const readers = Object.values(parameters)
  return { text: numbered, valuesOf: (subject) => readers.map((read) => read(subject)) }
}
