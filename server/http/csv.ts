/**
 * A table as RFC 4180 has it, for a spreadsheet: the mark in front tells Excel that it is UTF-8.
 */
export const csvHead = (columns: readonly string[]): string => `\uFEFF${csvLine(columns)}`

export const csvLine = (cells: readonly unknown[]): string => `${cells.map(cell).join(',')}\r\n`

// Spreadsheets pass over spaces in front, and take the wide forms of Asian keyboards as well.
const formula = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/

/** What somebody wrote and a spreadsheet would reckon gets an apostrophe in front; numbers stay numbers. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  const safe = typeof value === 'string' && formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
