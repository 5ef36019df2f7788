import { type Static, Type } from 'typebox'
import { contact } from './notices.ts'
import { At, body, Id, maybe, query, Reason, Words } from './shared.ts'

const text = Type.String()
const Pin = Type.String({ pattern: '^\\d{4,12}$' })
const count = Type.Integer()

/** `movedOut`: also those who moved out; `cursor`: `next` of the page before. */
export const FindResidents = query({
  siteId: Type.Optional(Id),
  q: Type.Optional(Type.String({ maxLength: 100 })),
  movedOut: Type.Optional(Type.Boolean()),
  cursor: Type.Optional(Id),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
})

const found = { id: text, siteId: text, name: text, flat: text, memberNumber: text, movedOutAt: maybe(At) }
export const FoundResident = Type.Object(found)
export type FoundResident = Static<typeof FoundResident>
export const Residents = Type.Object({ items: Type.Array(FoundResident), next: maybe(text) })

const Way = Type.Enum(['email', 'sms', 'voice'])
export const Resident = Type.Object({
  ...found,
  needsLowDoor: Type.Boolean(),
  email: maybe(text),
  phone: maybe(text),
  /** null: the site's */
  language: maybe(text),
  tellBy: Type.Array(Way),
  /** without one they sign in by a code that is sent to them */
  hasPin: Type.Boolean(),
})
export type Resident = Static<typeof Resident>

/** All of it anew: an address that is left out is gone. */
export const ChangeResident = body({ name: Words, flat: Words, needsLowDoor: Type.Boolean(), ...contact })
export const NewPin = body({ pin: Type.Optional(Pin) })
/** the PIN is told once */
export const MadePin = Type.Object({ id: text, memberNumber: text, pin: text })
/** what opened for them and ended with it: bookings, seats, workshops, grants */
export const MovedOut = Type.Object({ id: text, ended: count })

/** Everybody who lives here, as a file: asked for with a reason, which is kept. */
export const ExportResidents = body({ siteId: Id, reason: Reason })

const mostText = 2_000_000
/** A file of residents as text; what a spreadsheet saves as CSV, with a heading for each column. */
export const PreviewResidents = body({ siteId: Id, text: Type.String({ minLength: 1, maxLength: mostText }) })
/** `skipWrong`: those rows stay out; otherwise one of them stops all. */
export const ImportResidents = body({
  ...PreviewResidents.properties,
  skipWrong: Type.Optional(Type.Boolean()),
})

export const residentFields = [
  'flat',
  'name',
  'givenName',
  'familyName',
  'email',
  'phone',
  'language',
  'tellBy',
  'needsLowDoor',
] as const
const Field = Type.Enum([...residentFields])
export type ResidentField = (typeof residentFields)[number]

export const rowProblems = [
  'missing',
  'too-long',
  'unreadable',
  'not-an-email',
  'not-a-phone',
  'unknown-language',
  'unknown-way',
  'no-address',
  'not-yes-no',
  'too-many-cells',
] as const
export type RowProblem = (typeof rowProblems)[number]

/** `row` as the spreadsheet counts. `there`: lives here already; `twice`: the same as the row `sameAs`. */
export const FileRow = Type.Object({
  row: count,
  is: Type.Enum(['new', 'there', 'twice', 'wrong']),
  sameAs: maybe(count),
  flat: text,
  name: text,
  email: maybe(text),
  phone: maybe(text),
  language: maybe(text),
  tellBy: Type.Array(Way),
  needsLowDoor: Type.Boolean(),
  problems: Type.Array(Type.Object({ field: maybe(Field), reason: Type.Enum([...rowProblems]), value: text })),
})
export type FileRow = Static<typeof FileRow>

/** `rows`: all that are wrong up to a limit, and the first of the others; `counts` are of the whole file. */
export const ResidentsPreview = Type.Object({
  separator: Type.Enum([';', ',', '\t']),
  columns: Type.Array(Type.Object({ heading: text, field: maybe(Field) })),
  counts: Type.Object({ rows: count, new: count, there: count, twice: count, wrong: count }),
  rows: Type.Array(FileRow),
})
export type ResidentsPreview = Static<typeof ResidentsPreview>
export const ResidentsImported = Type.Object({ added: count, there: count, twice: count, wrong: count })
export type ResidentsImported = Static<typeof ResidentsImported>
