// HMAC-SHA256 (RFC 2104, FIPS 180-4) that answers at once. WebCrypto only has it as a promise, and
// building a request is a pure function. For making tokens only: checking one is WebCrypto's work.

const BLOCK_BYTES = 64

export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK_BYTES)
  block.set(key.length > BLOCK_BYTES ? sha256(key) : key)
  const inner = sha256(
    concatenated(
      block.map((byte) => byte ^ 0x36),
      data,
    ),
  )
  return sha256(
    concatenated(
      block.map((byte) => byte ^ 0x5c),
      inner,
    ),
  )
}

/** Names follow FIPS 180-4 §6.2. */
export function sha256(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = padded(data)
  const hash = INITIAL_HASH.slice()
  const schedule = new Uint32Array(64)
  for (let offset = 0; offset < message.byteLength; offset += BLOCK_BYTES) {
    for (let index = 0; index < 64; index += 1) {
      schedule[index] =
        index < 16 ? message.getUint32(offset + index * 4) : extended(schedule, index)
    }
    compress(hash, schedule)
  }
  const digest = new DataView(new ArrayBuffer(32))
  for (const [index, word] of hash.entries()) digest.setUint32(index * 4, word)
  return new Uint8Array(digest.buffer)
}

function compress(hash: Uint32Array, schedule: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash
  for (const [index, word] of schedule.entries()) {
    const sigma1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
    const choice = (e & f) ^ (~e & g)
    const first = (h + sigma1 + choice + (ROUND_CONSTANTS[index] ?? 0) + word) | 0
    const sigma0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + sigma0 + majority) | 0
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) {
    hash[index] = (hash[index] ?? 0) + word
  }
}

function extended(schedule: Uint32Array, index: number): number {
  const w15 = schedule[index - 15] ?? 0
  const w2 = schedule[index - 2] ?? 0
  const sigma0 = rotated(w15, 7) ^ rotated(w15, 18) ^ (w15 >>> 3)
  const sigma1 = rotated(w2, 17) ^ rotated(w2, 19) ^ (w2 >>> 10)
  return (schedule[index - 16] ?? 0) + sigma0 + (schedule[index - 7] ?? 0) + sigma1
}

function rotated(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}

/** The data, one 1 bit, zeros, and the length in bits as 64 bits. */
function padded(data: Uint8Array): DataView {
  const length = Math.ceil((data.length + 9) / BLOCK_BYTES) * BLOCK_BYTES
  const bytes = new Uint8Array(length)
  bytes.set(data)
  bytes[data.length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setBigUint64(length - 8, BigInt(data.length) * 8n)
  return view
}

function concatenated(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length)
  bytes.set(a)
  bytes.set(b, a.length)
  return bytes
}

/** The first 32 bits of the fractions of square and cube roots of the first primes (§4.2.2, §5.3.3). */
const PRIMES = firstPrimes(64)
const INITIAL_HASH = Uint32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)))
const ROUND_CONSTANTS = Uint32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)))

function fraction(value: number): number {
  return Math.floor((value - Math.floor(value)) * 2 ** 32)
}

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = []
  for (let candidate = 2; primes.length < count; candidate += 1) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate)
  }
  return primes
}
