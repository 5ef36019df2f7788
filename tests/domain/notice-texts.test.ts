import { describe, expect, test } from 'vitest'
import { type NoticeFacts, noticeText } from '../../server/domain/notice-texts/text.ts'
import type { NoticeKind } from '../../server/domain/notices.ts'

const facts: NoticeFacts = {
  name: 'Odile Petit',
  site: 'Conciergerie',
  bank: 'Hall A',
  door: 12,
  carrier: 'Poste',
  code: '12345678',
  deadlineAt: new Date('2026-11-28T22:59:59.999Z'),
  timeZone: 'Europe/Paris',
  url: 'https://colis.example/me',
}
/** whether it tells the code, and the last day */
const kinds: Record<NoticeKind, { code: boolean; day: boolean }> = {
  arrived: { code: true, day: true },
  'new-code': { code: true, day: true },
  'two-days-left': { code: true, day: true },
  'last-day': { code: true, day: true },
  overdue: { code: true, day: true },
  'collected-by-delegate': { code: false, day: false },
  contested: { code: false, day: false },
  'sign-in-code': { code: true, day: false },
}
const days = { fr: 'samedi 28 novembre', en: 'Saturday 28 November' }
/** GSM 03.38, the basic table: another sign makes the message cost double */
const gsm = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/

describe.each(['fr', 'en'] as const)('%s', language => {
  test.each(Object.entries(kinds))('%s', (kind, { code, day }) => {
    const told = noticeText(kind as NoticeKind, facts, language)
    const { text, sms, voice, subject } = told
    expect(text.startsWith(language === 'fr' ? 'Bonjour Odile Petit,' : 'Hello Odile Petit,')).toBe(true)
    expect(text).toContain('https://colis.example/me')
    expect(subject.endsWith(' · Conciergerie')).toBe(true)
    expect(JSON.stringify([subject])).not.toMatch(/\d{4}/)
    expect([text, sms].map(each => each.includes('1234 5678'))).toEqual([code, code])
    expect(voice.split('1, 2, 3, 4 … 5, 6, 7, 8. ').length - 1).toBe(code ? 2 : 0)
    expect(text.includes(days[language])).toBe(day)
    if (kind !== 'sign-in-code') expect(text).toContain(language === 'fr' ? 'Hall A, boîte 12' : 'Hall A, box 12')
    expect(sms).toMatch(gsm)
    expect(sms.length).toBeLessThanOrEqual(160)
    expect(sms.startsWith('Conciergerie: ')).toBe(true)
    for (const each of Object.values(told)) expect(each).not.toMatch(/undefined|null|\[object|NaN| {2}|: ?\n/)
  })

  test('every kind says something of its own', () => {
    const all = Object.keys(kinds).map(kind => noticeText(kind as NoticeKind, facts, language))
    for (const part of ['subject', 'sms', 'voice'] as const) expect(new Set(all.map(each => each[part])).size).toBe(8)
  })

  test.each(Object.keys(kinds))('%s without carrier, code, door and page is still a whole message', kind => {
    const bare = { ...facts, carrier: null, bank: null, door: null, url: null }
    const { text, sms, voice } = noticeText(kind as NoticeKind, bare, language)
    for (const each of [text, sms, voice]) expect(each).not.toMatch(/undefined|null| {2}/)
    if (kind === 'sign-in-code') return
    expect(text).toContain(language === 'fr' ? 'au comptoir' : 'at the counter')
    const uncoded = noticeText(kind as NoticeKind, { ...bare, code: null }, language)
    expect([uncoded.text, uncoded.sms].some(each => /\d{4} ?\d{4}|: ?$/m.test(each))).toBe(false)
  })
})

test('a day is told as it is where the parcel lies, and an unknown language is told in French', () => {
  const far = { ...facts, timeZone: 'Pacific/Auckland' }
  expect(noticeText('arrived', far, 'en').text).toContain('Sunday 29 November')
  expect(noticeText('arrived', facts, 'xx')).toEqual(noticeText('arrived', facts, 'fr'))
})

test('a short message costs one, also with letters that it has not got', () => {
  const { sms } = noticeText('arrived', { ...facts, bank: 'Bâtiment Ç, façade' }, 'fr')
  expect(sms).toContain('Batiment Ç, facade, boite 12.')
  expect(sms).toMatch(gsm)
  expect(noticeText('arrived', { ...facts, bank: 'हिन्दी' }, 'fr').sms).toContain('हिन्दी')
})
