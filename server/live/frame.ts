/**
 * One text as a server sends it: a whole, unmasked frame (RFC 6455 5.2). Made once for all who hear the same, and one write
 * for each; `ws` makes the head anew for each of them and writes twice.
 */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  return Buffer.concat([headOf(payload.length), payload])
}

const wholeText = 0x81

function headOf(length: number): Buffer {
  if (length < 126) return Buffer.from([wholeText, length])
  const isShort = length < 2 ** 16
  const head = Buffer.alloc(isShort ? 4 : 10)
  head.set([wholeText, isShort ? 126 : 127])
  if (isShort) head.writeUInt16BE(length, 2)
  else head.writeBigUInt64BE(BigInt(length), 2)
  return head
}
