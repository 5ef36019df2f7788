import { expect, test } from 'vitest'
import { checkProof } from '../../dashboard/src/verify/check-proof.ts'
import { proofBytesAtMost } from '../../schema/api/proof.ts'

const hash = 'a'.repeat(64)
const row = {
  ...{ siteId: 's', n: 7, type: 'opened', at: 1, receivedAt: 1, live: true, controllerId: null, journal: null },
  ...{ seq: null, doorId: null, grantId: null, orderId: null, parcelId: 'p', actorId: null, facts: {}, suspect: null },
  salt: 'x',
}
const fact = { way: { facts: [], checkpoints: [] }, previous: hash, checkpoint: hash, hash, row }
const proof = { proof: 'parcel', version: 1, siteId: 's', parcelId: 'p', facts: [fact], head: null }
const withRow = (change: object) => ({ ...proof, facts: [{ ...fact, row: { ...row, ...change } }] })
const withFact = (change: object) => ({ ...proof, facts: [{ ...fact, ...change }] })
const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

test('what has the form of a proof is checked, also with the mark of UTF-8 in front', async () => {
  const altered = { holds: false, problem: 'altered', n: 7 }
  expect(await checkProof(JSON.stringify(proof))).toEqual(altered)
  expect(await checkProof(`\uFEFF${JSON.stringify(proof, null, 2)}`)).toEqual(altered)
})

test.each<[what: string, text: string | object | null, problem: string]>([
  ['nothing', '', 'not-json'],
  ['half of a file', JSON.stringify(proof).slice(0, -20), 'not-json'],
  ['a picture', '\u0089PNG\r\n\u001a\n', 'not-json'],
  ['a web page', '<!doctype html>', 'not-json'],
  ['null', 'null', 'not-a-proof'],
  ['a number', '1', 'not-a-proof'],
  ['a list', [proof], 'not-a-proof'],
  ['a refusal of the server', { error: { reason: 'not-signed-in' } }, 'not-a-proof'],
  ['deep', deep(200_000), 'not-a-proof'],
  [
    'deep where anything may stand',
    JSON.stringify(withRow({ facts: { x: 'HERE' } })).replace('"HERE"', deep(200_000)),
    'not-a-proof',
  ],
  ['large', ' '.repeat(proofBytesAtMost + 1), 'too-large'],
  ['large in bytes, not in characters', 'é'.repeat(proofBytesAtMost), 'not-json'],
  ['another version', { ...proof, version: 2 }, 'not-a-proof'],
  ['of something else', { ...proof, proof: 'room' }, 'not-a-proof'],
  ['a member more', { ...proof, signed: true }, 'not-a-proof'],
  ['a member less', { ...proof, head: undefined }, 'not-a-proof'],
  ['facts that are none', { ...proof, facts: {} }, 'not-a-proof'],
  ['facts that only look like a list', { ...proof, facts: { length: 1, 0: fact } }, 'not-a-proof'],
  ['no fact', { ...proof, facts: [] }, 'not-a-proof'],
  ['a fact that is null', { ...proof, facts: [null] }, 'not-a-proof'],
  ['a hash in capitals', withFact({ hash: hash.toUpperCase() }), 'not-a-proof'],
  ['a hash too short', withFact({ previous: hash.slice(2) }), 'not-a-proof'],
  ['a hash that is a list', withFact({ checkpoint: [hash] }), 'not-a-proof'],
  ['no way', withFact({ way: null }), 'not-a-proof'],
  ['a way without checkpoints', withFact({ way: { facts: [] } }), 'not-a-proof'],
  ['a way to the first', withFact({ way: { facts: [hash], checkpoints: [] } }), 'not-a-proof'],
  ['the number 0', withRow({ n: 0 }), 'not-a-proof'],
  ['a number too large to be exact', withRow({ n: 2 ** 53 }), 'not-a-proof'],
  ['a number with a fraction', withRow({ n: 7.5 }), 'not-a-proof'],
  ['a time that no calendar has', withRow({ at: 8.64e15 + 1 }), 'not-a-proof'],
  ['a time before any', withRow({ receivedAt: -8.65e15 }), 'not-a-proof'],
  ['live as a word', withRow({ live: 'yes' }), 'not-a-proof'],
  ['facts as a list', withRow({ facts: [] }), 'not-a-proof'],
  ['facts as null', withRow({ facts: null }), 'not-a-proof'],
  ['a suspicion that is a thing', withRow({ suspect: {} }), 'not-a-proof'],
  ['a fact with a name of its prototype', withRow({ constructor: 1 }), 'not-a-proof'],
  [
    'what is hashed as null',
    JSON.stringify(withRow({ facts: { x: 'HERE' } })).replace('"HERE"', '1e999'),
    'not-a-proof',
  ],
  ['a prototype set', JSON.stringify(proof).replace('{', '{"__proto__":{"x":1},'), 'not-a-proof'],
  ['a head without its number', { ...proof, head: { ...fact, row: undefined, digest: hash } }, 'not-a-proof'],
])('%s: said in a word, and nothing breaks', async (_what, text, problem) => {
  const said = typeof text === 'string' ? text : JSON.stringify(text)
  expect(await checkProof(said)).toEqual({ holds: false, problem })
})
