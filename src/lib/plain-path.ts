// One spelling of each address. The router compares paths percent-decoded (RFC 3986 section 6.2.2.2), so that a
// token would have thousands of spellings, and a rule that guards a path from outside (a firewall, a log filter)
// could be written past. No word, token, reference or provider's name of ours needs encoding.

/** Whether the path of `url` is spelled without any `%`. Its query does not matter. */
export function isPlainPath(url: string): boolean {
  return !new URL(url).pathname.includes('%')
}
