import { describe, expect, onTestFinished, test } from 'vitest'
import type { Message } from '../../server/delivery/message.ts'
import { smtpDelivery } from '../../server/delivery/smtp.ts'
import { startSmtp } from '../support/smtp.ts'

const message: Message = {
  channel: 'email',
  site: 'Résidence des Érables',
  to: 'ada@example.org',
  language: 'fr',
  subject: 'Un colis vous attend · Résidence des Érables',
  text: 'Bonjour Ada,\n\nVotre code : 1234 5678. À bientôt, l’équipe\n',
  key: '018f0000-0000-7000-8000-000000000001',
}

async function openWay(options: Parameters<typeof startSmtp>[0] = {}, path = '') {
  const smtp = await startSmtp(options)
  const url = smtp.url.replace('smtp://', `smtp://${path}`)
  const way = smtpDelivery(url, 'colis@conciergerie.example')
  onTestFinished(async () => {
    way.close()
    await smtp.close()
  })
  return { smtp, deliver: way.deliver }
}

test('a mail arrives as it was written, and a repeat is the same message to whoever sorts mail', async () => {
  const { smtp, deliver } = await openWay()
  expect([await deliver(message), await deliver(message)]).toEqual([{ ok: true }, { ok: true }])
  const [mail, again] = smtp.mails
  expect(mail).toMatchObject({
    from: 'colis@conciergerie.example',
    to: ['ada@example.org'],
    text: message.text,
    headers: {
      from: 'Résidence des Érables <colis@conciergerie.example>',
      to: 'ada@example.org',
      subject: message.subject,
      'message-id': `<${message.key}@conciergerie.example>`,
      'idempotency-key': message.key,
      'auto-submitted': 'auto-generated',
      'content-language': 'fr',
    },
  })
  expect(again!.headers['message-id']).toBe(mail!.headers['message-id'])
})

test.each([
  [421, false],
  [450, false],
  [451, false],
  [452, false],
  [550, true],
  [552, true],
  [553, true],
  [554, true],
  [541, false],
])('answered %i: the number is kept without the words, for good: %s', async (code, final) => {
  const { deliver } = await openWay({ answer: () => ({ code }) })
  expect(await deliver(message)).toEqual({ ok: false, problem: `smtp ${code}`, final })
})

test('signed in with the user and password of the address; a wrong one is the operator’s to put right', async () => {
  const login = { user: 'u@x.fr', password: 'p:/@' }
  const right = await openWay({ login }, 'u%40x.fr:p%3A%2F%40@')
  expect(await right.deliver(message)).toEqual({ ok: true })
  const wrong = await openWay({ login }, 'u%40x.fr:other@')
  expect(await wrong.deliver(message)).toEqual({ ok: false, problem: 'smtp 535', final: false })
  expect(wrong.smtp.mails).toEqual([])
})

describe('nothing goes', () => {
  test('to a server that nobody can vouch for, although it would take it', async () => {
    const { smtp, deliver } = await openWay({ startTls: true })
    expect(await deliver(message)).toMatchObject({ ok: false, final: false })
    expect(smtp.mails).toEqual([])
  })

  test('to a server that is away, and later it goes on', async () => {
    const { smtp, deliver } = await openWay()
    await smtp.close()
    expect(await deliver(message)).toMatchObject({ ok: false, problem: 'smtp ESOCKET', final: false })
  })

  test('to others than the one address, whatever stands in names and addresses', async () => {
    const { smtp, deliver } = await openWay()
    const hostile = { site: 'A\r\nBcc: eve@evil.example', subject: 'B\r\nCc: eve@evil.example' }
    await deliver({ ...message, ...hostile, to: 'ada@example.org\r\nRCPT TO:<eve@evil.example>' })
    await deliver({ ...message, ...hostile })
    for (const { to, headers } of smtp.mails) {
      expect(to.join()).not.toContain('eve@evil.example')
      expect([headers.bcc, headers.cc]).toEqual([undefined, undefined])
    }
    expect(smtp.mails.at(-1)!.to).toEqual(['ada@example.org'])
  })
})
