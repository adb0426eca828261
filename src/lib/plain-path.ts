// One spelling of each address. The router compares paths percent-decoded (RFC 3986 section 6.2.2.2), so that a
// token would have thousands of spellings, and a rule that guards a path from outside (a firewall, a log filter)
// could be written past. No word, token, reference or provider's name of ours needs encoding.

// Compared as they were sent: every request comes by here, and a URL object is a tenth of what a lock page costs.

/** Of `scheme://host/path?query`, as the router has it: neither decoded nor brought into another form. */
export function sentPath(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  const end = url.slice(start).search(/[?#]/)
  return start === -1 ? '/' : url.slice(start, end === -1 ? undefined : start + end)
}

/** What a segment of a path may hold without being encoded (RFC 3986 section 3.3, `pchar`), and the slash. */
const PLAIN = /^[\w\-.~!$&'()*+,;=:@/]*$/

/** Whether the path of `url` is spelled without any encoding, and needs none. Its query does not matter. */
export function isPlainPath(url: string): boolean {
  return PLAIN.test(sentPath(url))
}
