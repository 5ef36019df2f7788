import { emailForm } from '../../schema/api/notices.ts'
import type { ResidentField, RowProblem } from '../../schema/api/residents.ts'
import type { Channel } from '../store/notices.ts'
import { phoneOf } from './contacts.ts'
import { withoutApostrophe } from './csv.ts'
import { folded, languageWords, noWords, wayWords, yesWords } from './resident-words.ts'
import { tidy } from './residents.ts'

type Column = { field: ResidentField | null }
type Problem = { field: ResidentField | null; reason: RowProblem; value: string }

const most = { text: 200, email: 254 }

/** One row of a file: who that is, and what of it cannot be understood. */
export function readCells(cells: string[], columns: Column[]) {
  const problems: Problem[] = []
  const wrong = (field: ResidentField | null, reason: RowProblem, value = '') =>
    void problems.push({ field, reason, value: value.slice(0, 100) })

  /** of several columns for one thing, as two telephones, the first that says something */
  const get = (field: ResidentField): string => {
    const texts = columns.flatMap((column, at) => (column.field === field ? [cellOf(cells[at])] : []))
    return texts.find(text => text !== '') ?? ''
  }
  const words = (field: ResidentField, text: string): string => {
    if (text.length > most.text) wrong(field, 'too-long', text)
    if (text.includes('\uFFFD')) wrong(field, 'unreadable', text)
    return text
  }

  const flat = words('flat', get('flat'))
  const name = words('name', [get('givenName'), get('familyName'), get('name')].filter(Boolean).join(' '))
  if (folded(flat) === '') wrong('flat', 'missing', flat)
  if (folded(name) === '') wrong('name', 'missing', name)
  const extra = cells.slice(columns.length).find(cell => cellOf(cell) !== '')
  if (extra !== undefined) wrong(null, 'too-many-cells', cellOf(extra))

  const mail = get('email')
  const isMail = new RegExp(emailForm).test(mail) && mail.length >= 3 && mail.length <= most.email
  if (mail !== '' && !isMail) wrong('email', 'not-an-email', mail)
  const email = isMail ? mail : null
  const dialled = get('phone')
  const phone = dialled === '' ? null : (phoneIn(dialled) ?? null)
  if (dialled !== '' && phone === null) wrong('phone', 'not-a-phone', dialled)
  const said = get('language')
  const language = said === '' ? null : (languageWords.get(folded(said)) ?? null)
  if (said !== '' && language === null) wrong('language', 'unknown-language', said)
  const low = get('needsLowDoor')
  if (!yesWords.has(folded(low)) && !noWords.has(folded(low))) wrong('needsLowDoor', 'not-yes-no', low)

  const how = get('tellBy')
  const ways = how === '' ? usualWays(email, phone) : waysIn(how)
  if (ways === undefined) wrong('tellBy', 'unknown-way', how)
  const hasNone = ways?.some(way => (way === 'email' ? mail === '' : dialled === ''))
  if (hasNone) wrong('tellBy', 'no-address', how)
  const needsLowDoor = yesWords.has(folded(low))
  return { flat, name, email, phone, language, tellBy: ways ?? [], needsLowDoor, problems }
}

const cellOf = (cell = ''): string => withoutApostrophe(tidy(cell))

const usualWays = (email: string | null, phone: string | null): Channel[] => (email ? ['email'] : phone ? ['sms'] : [])

/** Undefined: not understood. */
function waysIn(text: string): Channel[] | undefined {
  const words = text.split(/[,;/+]|\s(?:et|and)\s/i).map(folded)
  const ways = words.filter(Boolean).map(word => wayWords.get(word))
  if (ways.includes(undefined)) return undefined
  return [...new Set(ways)].filter(way => way !== 'none') as Channel[]
}

/** As it is dialled, or as a spreadsheet leaves it when it takes it for a number: without the 0, or without the +. */
function phoneIn(text: string): string | undefined {
  const digits = text.replace(/[ .()\u00A0\u202F-]/g, '')
  const known = phoneOf(digits)
  if (known) return known
  if (/^[1-9]\d{8}$/.test(digits)) return phoneOf(`0${digits}`)
  if (/^33[1-9]\d{8}$/.test(digits)) return phoneOf(`+${digits}`)
  return digits.startsWith('00') ? phoneOf(`+${digits.slice(2)}`) : undefined
}
