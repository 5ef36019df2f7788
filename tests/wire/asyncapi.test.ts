import { Parser } from '@asyncapi/parser'
import type { TSchema } from 'typebox'
import { Check } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { asyncApi } from '../../schema/wire/asyncapi.ts'
import { kinds } from '../../schema/wire/asyncapi-messages.ts'
import { downShapes, upShapes } from '../../schema/wire/codec.ts'
import { eventShapes } from '../../schema/wire/events.ts'
import { allRules } from '../../schema/wire/rules/all.ts'

const document = asyncApi({ mqtt: 'localhost:1883', mqtts: 'doors.example.org:8883', clientCertificates: true })

/** What the official parser has to say; its advice to use a newer version of AsyncAPI is left out. */
async function said(text: string): Promise<string[]> {
  const { diagnostics } = await new Parser().parse(text)
  return diagnostics
    .filter(({ code }) => code !== 'asyncapi-latest-version')
    .map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('the official parser', () => {
  test.each([
    ['both servers', { mqtt: 'localhost:1883', mqtts: 'doors.example.org:8883', clientCertificates: true }],
    ['no server yet', {}],
  ])('has nothing to say: %s', async (_name, servers) => {
    expect(await said(JSON.stringify(asyncApi(servers)))).toEqual([])
  })

  test('reads it as we mean it', async () => {
    const { document: read } = await new Parser().parse(JSON.stringify(document))
    expect(read?.version()).toBe('3.0.0')
    const operations = read!.operations().all()
    expect(operations.filter(each => each.isSend()).map(each => each.id())).toEqual([
      'deviceSendsStatus',
      'deviceSendsEvents',
      'deviceSendsCode',
    ])
    expect(operations.filter(each => each.isReceive()).length).toBe(5)
    expect(
      read!
        .channels()
        .all()
        .map(each => each.address()),
    ).toEqual([
      ...['status', 'events', 'code'].map(kind => `v1/{controllerId}/up/${kind}`),
      ...['welcome', 'ack', 'order', 'grants', 'config'].map(kind => `v1/{controllerId}/down/${kind}`),
    ])
    for (const each of operations) expect(each.bindings().get('mqtt')?.value()).toMatchObject({ qos: 1, retain: false })
  })

  test('has something to say when it is wrong', async () => {
    const changed = structuredClone(document)
    changed.channels.status!.messages = {}
    expect((await said(JSON.stringify(changed))).join()).toContain('does not exist')
  })

  test('finds every reference, and each example fits its payload', async () => {
    const { document: read } = await new Parser().parse(JSON.stringify(document))
    const messages = read!.components().messages().all()
    expect(messages.length).toBe(11)
    for (const message of messages)
      for (const example of message.examples().all())
        expect(Check(message.payload()!.json() as TSchema, example.payload()), message.id()).toBe(true)
    const live = structuredClone(
      messages
        .find(each => each.id() === 'events')!
        .examples()
        .all()[0]!
        .payload(),
    )
    const events = live as { events: object[] }
    events.events = [{ ...events.events[0], door: 'three' }]
    expect(
      Check(
        messages
          .find(each => each.id() === 'events')!
          .payload()!
          .json() as TSchema,
        events,
      ),
    ).toBe(false)
  })
})

describe('nothing is left out', () => {
  test('every message has one or two examples, every event type its schema and one', () => {
    for (const { examples } of Object.values(document.components.messages)) expect([1, 2]).toContain(examples.length)
    expect(Object.keys(document.components.schemas)).toEqual(Object.keys(eventShapes))
    for (const { examples } of Object.values(document.components.schemas)) expect(examples.length).toBeGreaterThan(0)
  })

  test('payloads are the shapes themselves', () => {
    const { messages } = document.components
    expect(messages.welcome!.payload).toBe(downShapes.welcome)
    expect([messages['status-online']!.payload, messages['status-offline']!.payload]).toEqual(upShapes.status.anyOf)
    expect(['open', 'mode', 'refuse'].map(type => messages[`order-${type}`]!.payload)).toEqual(downShapes.order.anyOf)
    expect(Object.keys(document.channels)).toEqual(kinds)
  })

  test('every rule stands in the list and in a description', () => {
    const descriptions = [document.info.description, ...Object.values(document.channels).map(each => each.description)]
    for (const [id, { text }] of Object.entries(allRules)) {
      expect(document['x-rules']).toContainEqual(expect.objectContaining({ id, text }))
      expect(descriptions.some(each => each.includes(`**${id}**`) && each.includes(text))).toBe(true)
    }
  })

  test('how to sign in is said for each server', () => {
    const names = (refs: { $ref: string }[]) => refs.map(({ $ref }) => $ref.split('/').at(-1))
    expect(names(document.servers.mqtt!.security)).toEqual(['password'])
    expect(names(document.servers.mqtts!.security)).toEqual(['password', 'certificate'])
    const { mqtts } = asyncApi({ mqtts: 'doors.example.org:8883' }).servers
    expect(names(mqtts!.security)).toEqual(['password'])
  })
})
