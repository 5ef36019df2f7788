export const separators = [';', ',', '\t'] as const
export type Separator = (typeof separators)[number]

export type Table = {
  rows: string[][] /** the row, from 1, whose quotation mark is never closed */
  openQuoteAt: number | null
}

/**
 * RFC 4180, and what spreadsheets make of it: other separators, lines that end in LF or CR alone, and a quotation mark
 * in the middle of a cell, which is kept.
 */
export function readCsv(text: string, separator: Separator): Table {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  for (;;) {
    const quoted = text[at] === '"' ? readQuoted(text, at) : undefined
    if (quoted === null) return { rows, openQuoteAt: rows.length + 1 }
    const from = quoted?.end ?? at
    const end = endOfCell(text, from, separator)
    row.push((quoted?.cell ?? '') + text.slice(from, end))
    const after = text[end]
    at = end + 1
    if (after === separator) continue
    rows.push(row)
    row = []
    if (after === '\r' && text[at] === '\n') at += 1
    if (at >= text.length) return { rows, openQuoteAt: null }
  }
}

/** The cell without its marks, and where they end; null: they do not. */
function readQuoted(text: string, start: number): { cell: string; end: number } | null {
  let cell = ''
  for (let at = start + 1; ; ) {
    const mark = text.indexOf('"', at)
    if (mark < 0) return null
    cell += text.slice(at, mark)
    if (text[mark + 1] !== '"') return { cell, end: mark + 1 }
    cell += '"'
    at = mark + 2
  }
}

function endOfCell(text: string, from: number, separator: Separator): number {
  let at = from
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at += 1
  return at
}

/** A spreadsheet takes what begins so for a formula (OWASP, CSV Injection); one more apostrophe before it makes it text. */
const formula = /^'*[=+\-@\t\r\n＝＋－＠]/

export const asText = (text: string): string => (formula.test(text) ? `'${text}` : text)

/** The other way round, of a file that was exported or saved so. */
export const withoutApostrophe = (text: string): string =>
  text.startsWith("'") && formula.test(text.slice(1)) ? text.slice(1) : text

/** With the mark by which Excel knows UTF-8. */
export const csvOf = (rows: readonly (readonly string[])[], separator: Separator): string =>
  `\uFEFF${rows.map(row => `${row.map(text => cell(text, separator)).join(separator)}\r\n`).join('')}`

function cell(text: string, separator: Separator): string {
  const safe = asText(text)
  return safe.includes(separator) || /["\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
