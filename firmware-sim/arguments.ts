import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { isControllerId } from '../schema/wire/topics.ts'
import type { Fault, FaultPoint } from './faults.ts'
import { flagProblems } from './flags.ts'
import { type ScenarioName, scenarios } from './scenarios.ts'
import { type SetupParts, usualDoors, usualRooms } from './setup.ts'
import type { TlsParts } from './tls.ts'

export type Credentials = Omit<SetupParts, 'doors'> & { password: string; doors?: SetupParts['doors'] }
export type SimulateOptions = {
  mqttUrl: string
  tls: TlsParts
  devices: Credentials[]
  scenario: ScenarioName
  seed: number
  speed: number
  dataDir?: string
  pagePort?: number
  faults: Fault[]
}
export type Read = { ok: true; options: SimulateOptions } | { ok: false; problems: string[] } | { help: string }

const text = { type: 'string' } as const
const flags = {
  mqtt: { ...text, default: 'mqtt://127.0.0.1:1883' },
  id: text,
  password: text,
  'code-key': text,
  ca: text,
  cert: text,
  key: text,
  credentials: text,
  count: { ...text, default: '1' },
  doors: text,
  rooms: { ...text, default: '0' },
  scenario: { ...text, default: 'calm' },
  seed: { ...text, default: '1' },
  speed: { ...text, default: '1' },
  data: text,
  'page-port': text,
  fault: { type: 'string', multiple: true },
  help: { type: 'boolean', default: false },
} as const

export const help = `Simulated controllers: banks of compartments and room doors that speak the device contract.

  npm run simulate -- --id bank-1 --password … --code-key … [options]
  npm run simulate -- --credentials devices.json [options]

  --mqtt URL           broker, mqtt:// or mqtts:// (mqtt://127.0.0.1:1883)
  --ca FILE            PEM: the authority of the broker's certificate, for mqtts:// (those the world trusts)
  --cert FILE          PEM: a certificate whose CN is the id, in place of the password; with --key FILE
  --id ID              id of the controller; with --count 3 they are ID-1, ID-2, ID-3
  --password TEXT      its password (or SIM_PASSWORD)
  --code-key HEX       its codeKey, 64 hex digits (or SIM_CODE_KEY)
  --credentials FILE   JSON: one or a list of { id, password, codeKey, doors, keypads }; instead of the three above
  --count N            how many controllers, 1 to 20000 (1); above 20 they are light: no files, no page
  --doors N            compartments of each, 1 to 240 (24, with --rooms none), unless the credentials say
  --rooms N            room doors of each, 0 to 64 (0), numbered after the compartments
  --scenario NAME      ${Object.entries(scenarios)
    .map(([name, { about }]) => `${name}: ${about}`)
    .join('\n                       ')}
  --seed N             the same seed plays the same scenario (1)
  --speed N            how much faster the scenario goes, 0.1 to 1000 (1)
  --data DIR           keep journal, list and bolt positions in DIR/<id>; without it in memory
  --page-port PORT     a page with doors and keypad on 127.0.0.1:PORT, 0 = any free one
  --fault POINT[:DOOR] something that goes wrong, may be repeated: ${faultPoints().join(', ')}
  --help               this

While it runs it takes lines: code KEYPAD CODE, badge KEYPAD UID, open DOOR, shut DOOR, put DOOR, take DOOR, exit DOOR,
drift SECONDS, lose-clock, network on|off, power on|off, state.
`

function faultPoints(): FaultPoint[] {
  return ['die-after-accepted-before-bolt', 'die-after-bolt-before-unlocked', 'die-after-unlocked', 'stuck-bolt']
}

/** Reads the arguments; every problem is listed and names its flag. */
export function readArguments(args: string[], env: Record<string, string | undefined>): Read {
  const problems: string[] = []
  if (args.includes('--help')) return { help }
  const malformed = flagProblems(args, flags)
  if (malformed.length > 0) return { ok: false, problems: malformed }
  const values = parse(args)
  const number = (
    flag: 'count' | 'doors' | 'rooms' | 'seed' | 'speed' | 'page-port',
    least: number,
    most: number,
    whole = true,
  ) => {
    const given = values[flag]!
    const value = Number(given)
    const fits = given.trim() !== '' && value >= least && value <= most && (!whole || Number.isInteger(value))
    if (!fits)
      problems.push(`--${flag} ${given}: must be ${whole ? 'a whole number' : 'a number'} from ${least} to ${most}`)
    return fits ? value : least
  }
  const count = number('count', 1, 20_000)
  const rooms = number('rooms', 0, 64)
  const boxes = values.doors === undefined ? (rooms > 0 ? 0 : 24) : number('doors', 1, 240)
  const doors = rooms > 0 ? [...usualDoors(boxes), ...usualRooms(rooms, boxes + 1)] : boxes
  const seed = number('seed', 0, 2 ** 32 - 1)
  const speed = number('speed', 0.1, 1000, false)
  const pagePort = values['page-port'] === undefined ? {} : { pagePort: number('page-port', 0, 65_535) }
  if (!/^mqtts?:\/\/[^/]+$/.test(values.mqtt) || !URL.canParse(values.mqtt)) {
    problems.push(`--mqtt ${values.mqtt}: must look like mqtt://host:port or mqtts://host:port`)
  }
  if (!Object.hasOwn(scenarios, values.scenario)) {
    problems.push(`--scenario ${values.scenario}: must be one of ${Object.keys(scenarios).join(', ')}`)
  }
  const tls = readTls(values, problems)
  const faults = (values.fault ?? []).flatMap(each => readFault(each, problems))
  const devices = values.credentials
    ? readCredentials(values.credentials, problems)
    : devicesOf({ ...values, ...fromEnv(values, env) }, count, doors, problems)
  if (tls.cert && devices.length > 1) problems.push('--cert: names one controller, there are more')
  if (problems.length > 0) return { ok: false, problems }
  const dataDir = values.data === undefined ? {} : { dataDir: values.data }
  const scenario = values.scenario as ScenarioName
  return {
    ok: true,
    options: { mqttUrl: values.mqtt, tls, devices, scenario, seed, speed, faults, ...dataDir, ...pagePort },
  }
}

const parse = (args: string[]) => parseArgs({ args, options: flags, strict: true }).values

const fromEnv = (values: ReturnType<typeof parse>, env: Record<string, string | undefined>) => ({
  password: values.password ?? env.SIM_PASSWORD,
  codeKey: values['code-key'] ?? env.SIM_CODE_KEY,
})

function readFault(given: string, problems: string[]): Fault[] {
  const [point, door, ...rest] = given.split(':')
  const known = faultPoints().includes(point as FaultPoint) && rest.length === 0
  if (!known || (door !== undefined && !/^\d+$/.test(door))) {
    problems.push(`--fault ${given}: must be POINT or POINT:DOOR, with one of ${faultPoints().join(', ')}`)
    return []
  }
  return [{ point, times: 1, ...(door === undefined ? {} : { door: Number(door) }) } as Fault]
}

/** The files' texts; only mqtts:// has a use for them. */
function readTls(values: ReturnType<typeof parse>, problems: string[]): TlsParts {
  const parts: TlsParts = {}
  for (const flag of ['ca', 'cert', 'key'] as const) {
    const path = values[flag]
    if (path === undefined) continue
    if (!values.mqtt.startsWith('mqtts:')) problems.push(`--${flag}: is of use only with --mqtt mqtts://…`)
    try {
      parts[flag] = readFileSync(path, 'utf8')
    } catch (error) {
      problems.push(`--${flag} ${path}: ${(error as Error).message}`)
    }
  }
  if ((values.cert === undefined) !== (values.key === undefined)) {
    problems.push(`--${values.cert === undefined ? 'cert' : 'key'}: is missing, --cert and --key belong together`)
  }
  return parts
}

type Given = {
  id?: string | undefined
  password: string | undefined
  codeKey: string | undefined
  cert?: string | undefined
}

function devicesOf(
  { id, codeKey, cert, ...given }: Given,
  count: number,
  doors: SetupParts['doors'],
  problems: string[],
): Credentials[] {
  // a certificate stands for it
  const password = given.password || (cert === undefined ? undefined : '')
  if (!id) problems.push('--id: is missing (or give --credentials)')
  else if (!isControllerId(count > 1 ? `${id}-${count}` : id)) {
    problems.push(`--id ${id}: must be 2 to 63 of a–z, 0–9 and -, beginning with a letter or digit`)
  }
  if (password === undefined) problems.push('--password: is missing (or set SIM_PASSWORD, or give --cert)')
  if (!codeKey) problems.push('--code-key: is missing (or set SIM_CODE_KEY)')
  else if (!/^[0-9a-f]{64}$/i.test(codeKey)) problems.push('--code-key: must be 64 hex digits')
  if (problems.length > 0 || !id || password === undefined || !codeKey) return []
  return Array.from({ length: count }, (_, index) => {
    return { id: count > 1 ? `${id}-${index + 1}` : id, password, codeKey, doors }
  })
}

function readCredentials(path: string, problems: string[]): Credentials[] {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
    const list = (Array.isArray(parsed) ? parsed : [parsed]) as Credentials[]
    for (const [index, each] of list.entries()) {
      const fits =
        isControllerId(String(each?.id)) &&
        typeof each.password === 'string' &&
        /^[0-9a-f]{64}$/i.test(String(each.codeKey))
      if (!fits)
        problems.push(`--credentials ${path}: entry ${index + 1} needs id, password and codeKey (64 hex digits)`)
    }
    if (list.length === 0) problems.push(`--credentials ${path}: holds no controller`)
    return list.map(each => ({ ...each, doors: each.doors ?? 24 }))
  } catch (error) {
    problems.push(`--credentials ${path}: ${(error as Error).message}`)
    return []
  }
}
