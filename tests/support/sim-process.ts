import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Credentials } from '../../firmware-sim/arguments.ts'
import { eventually } from './eventually.ts'

export type SimProcess = {
  /** one line at its terminal */
  type(line: string): void
  /** exit code and signal */
  dead: Promise<[number | null, string | null]>
  kill(): Promise<void>
}

type Options = { mqttUrl: string; folder: string; device: Credentials; faults?: string[] }

/** The simulator in a process of its own with its memory in `folder`, so that it can really be killed; it is welcomed. */
export async function startSimProcess({ mqttUrl, folder, device, faults = [] }: Options): Promise<SimProcess> {
  mkdirSync(folder, { recursive: true })
  const credentials = join(folder, 'credentials.json')
  writeFileSync(credentials, JSON.stringify(device), { mode: 0o600 })
  const args = ['--mqtt', mqttUrl, '--credentials', credentials, '--data', folder, '--scenario', 'idle']
  const flags = faults.flatMap(fault => ['--fault', fault])
  const child = spawn(process.execPath, ['--import', 'tsx', 'firmware-sim/main.ts', ...args, ...flags])
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', line => void said.push(line))
  const dead = once(child, 'exit') as SimProcess['dead']
  await eventually(
    () => {
      if (child.exitCode !== null) throw new Error(`the simulator ended: ${said.join('\n')}`)
      return said.includes(`${device.id} up`)
    },
    { withinMs: 20_000 },
  )
  return {
    type: line => void child.stdin.write(`${line}\n`),
    dead,
    async kill() {
      child.kill('SIGKILL')
      await dead
    },
  }
}
