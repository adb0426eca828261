// How the further providers of the kind `http` are called: `http:zenvia` in settings, rows and answers; its settings
// are `HTTP_ZENVIA_TEMPLATE` and so on.

export type HttpName = `http:${string}`

/** For the sentence that refuses another one. */
export const HTTP_NAME_RULE = '1–20 of a–z and 0–9, and not receipt'

export const HTTP_NAME = /^http:([a-z0-9]{1,20})$/

/** HTTP_RECEIPT_SECRET is of plain `http`. */
const TAKEN = 'receipt'

/** What the operator called it, `zenvia`; null for what is no such name. */
export function httpNameIn(text: string): string | null {
  const name = HTTP_NAME.exec(text)?.[1]
  return name === undefined || name === TAKEN ? null : name
}
