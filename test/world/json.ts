// Reading what nothing is known of yet: JSON as the example exchange reads it, and URLs.

export { isRecord, parseJson, textField } from '../../examples/exchange/lockline-client.ts'

/** Only http and https count as a URL that a provider could call. */
export function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return (protocol === 'http:' || protocol === 'https:') && hostname !== ''
}
