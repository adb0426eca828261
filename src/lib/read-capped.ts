// The body of an answer, as text, up to a length: what others send us has no say in how much we keep.

/** Decoded as UTF-8; bytes beyond `maxBytes` are neither waited for nor read. '' without a body. */
export async function readCapped(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<string> {
  if (stream === null) return ''
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let room = maxBytes
  while (room > 0) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    text += decoder.decode(value.subarray(0, room), { stream: true })
    room -= value.length
  }
  return text + decoder.decode()
}
