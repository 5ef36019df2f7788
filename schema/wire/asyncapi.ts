import { eventSchemas, type Kind, kinds, listed, messages } from './asyncapi-messages.ts'
import * as golden from './golden.ts'
import { allRules, rulesAbout, sections } from './rules/all.ts'
import { type DownKind, downTopic, idForm, type UpKind, upKinds, upTopic } from './topics.ts'

/** Where devices connect, as host:port; what is not offered is left out. */
export type MqttServers = { mqtt?: string; mqtts?: string; clientCertificates?: boolean }

/** What the server answers each message of the device with. */
const replies: Record<UpKind, DownKind> = { status: 'welcome', events: 'ack', code: 'order' }
const isUp = (kind: Kind): kind is UpKind => upKinds.some(each => each === kind)
const ref = (...path: string[]) => ({ $ref: `#/${path.join('/')}` })

/** The device contract as AsyncAPI 3.0, told from the device's side: what it sends, what it receives. */
export function asyncApi(servers: MqttServers) {
  return {
    asyncapi: '3.0.0',
    id: 'urn:conciergerie-doors:device-contract:1',
    info: { title: 'Conciergerie doors, device contract', version: '1', description: about() },
    defaultContentType: 'application/json',
    servers: serversOf(servers),
    channels: Object.fromEntries(kinds.map(kind => [kind, channelOf(kind)])),
    operations: Object.fromEntries(kinds.map(kind => [operationName(kind), operationOf(kind)])),
    components: {
      messages: Object.assign({}, ...Object.values(messages)) as (typeof messages)[Kind],
      schemas: eventSchemas,
      securitySchemes: {
        password: {
          type: 'userPassword',
          description: 'User name = client id = controller id; password of its enrolment.',
        },
        certificate: {
          type: 'X509',
          description: 'Client certificate with the controller id as CN, instead of a password.',
        },
      },
    },
    'x-rules': Object.entries(allRules).map(([id, rule]) => ({ id, ...rule })),
  }
}

function about(): string {
  const general = Object.values(sections).filter(section => section.kinds.length === 0)
  return [
    'What a controller (the device) and the backend (the server) say to each other over MQTT 3.1.1.',
    'Operations are the device’s: it sends on `up/…` and receives on `down/…`. Every rule has a number; `x-rules` has all.',
    ...general.flatMap(({ title, rules }) => [`## ${title}`, listed(rules)]),
  ].join('\n\n')
}

const quality = { qos: 1, retain: false }

function serversOf({ mqtt, mqtts, clientCertificates = false }: MqttServers) {
  const [, will] = golden.up['status, the will']
  const lastWill = { topic: upTopic('{controllerId}', 'status'), message: will, ...quality }
  const session = { clientId: '{controllerId}', cleanSession: true, keepAlive: 30, lastWill, bindingVersion: '0.2.0' }
  const common = { protocolVersion: '3.1.1', bindings: { mqtt: session } }
  const password = ref('components', 'securitySchemes', 'password')
  const certificate = ref('components', 'securitySchemes', 'certificate')
  return {
    ...(mqtt ? { mqtt: { host: mqtt, protocol: 'mqtt', ...common, security: [password] } } : {}),
    ...(mqtts
      ? {
          mqtts: {
            host: mqtts,
            protocol: 'mqtts',
            ...common,
            security: [password, ...(clientCertificates ? [certificate] : [])],
          },
        }
      : {}),
  }
}

function channelOf(kind: Kind) {
  const rules = rulesAbout(kind)
  return {
    address: isUp(kind) ? upTopic('{controllerId}', kind) : downTopic('{controllerId}', kind),
    title: isUp(kind) ? `up/${kind}` : `down/${kind}`,
    description: listed(rules),
    parameters: { controllerId: { description: `The device’s own id, ${idForm.source}`, examples: ['bank-1'] } },
    messages: Object.fromEntries(Object.keys(messages[kind]).map(name => [name, ref('components', 'messages', name)])),
    'x-rules': Object.keys(rules),
  }
}

const operationName = (kind: Kind) =>
  `device${isUp(kind) ? 'Sends' : 'Receives'}${kind[0]!.toUpperCase()}${kind.slice(1)}`

function operationOf(kind: Kind) {
  const on = (of: Kind) => ({
    channel: ref('channels', of),
    messages: Object.keys(messages[of]).map(name => ref('channels', of, 'messages', name)),
  })
  return {
    action: isUp(kind) ? 'send' : 'receive',
    title: `The device ${isUp(kind) ? 'sends' : 'receives'} ${kind}`,
    ...on(kind),
    bindings: { mqtt: { ...quality, bindingVersion: '0.2.0' } },
    ...(isUp(kind) ? { reply: on(replies[kind]) } : {}),
  }
}
