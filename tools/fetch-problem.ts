// What a `fetch` that brought no answer died of, in words. Its own message is `fetch failed`; the reason is the error's cause.

export function fetchProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  // Of a name with two addresses both fail, and the error of both says nothing.
  return cause.message || ('code' in cause ? String(cause.code) : error.message)
}
