/**
 * Whom an address stands for when we count: IPv4 by itself, IPv6 by its first 64 bits, because one subscriber has them
 * all. An IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`, a listener on `::`) is IPv4.
 */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped) return mapped[1]!
  if (!address.includes(':')) return address
  const [head = '', tail = ''] = address.split('%')[0]!.toLowerCase().split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const [before, after] = [groups(head), groups(tail)]
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const first = [...before, ...zeros, ...after].slice(0, 4).map(each => each.replace(/^0+(?=.)/, ''))
  return `${first.join(':')}::/64`
}

/** Nobody on this machine is a stranger; a proxy on it stands for many. */
export const isLoopback = (address: string): boolean =>
  address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address)
