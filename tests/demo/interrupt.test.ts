import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder, run, takenPort } from '../start/support.ts'
import { eventually } from '../support/eventually.ts'

const demo = (dataDir: string, more: Record<string, string> = {}) =>
  run('tests/demo/main.ts', { DATA_DIR: dataDir, HTTP_PORT: '0', MQTT_PORT: '0', ...more })

/** Whatever works in the folder or was told of it, but for the test itself. */
function processesOf(path: string): string[] {
  return readdirSync('/proc').filter(pid => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false
    try {
      const told = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return told.includes(path) || readlinkSync(`/proc/${pid}/cwd`).startsWith(path)
    } catch {
      return false
    }
  })
}

const moments = {
  'while the cluster is made': (dataDir: string) => existsSync(join(dataDir, 'demo/postgres')),
  'while postgres starts': (dataDir: string) => existsSync(join(dataDir, 'demo/postgres/cluster/postmaster.pid')),
}

for (const [when, isThen] of Object.entries(moments)) {
  test.runIf(process.platform === 'linux')(`Ctrl-C ${when} stops all of it`, { timeout: 120_000 }, async () => {
    const dataDir = folder()
    const { child, heard, ended } = demo(dataDir)
    await eventually(() => isThen(dataDir), { withinMs: 60_000 })
    child.kill('SIGINT')
    const { code, text } = await ended
    expect(code, text).toBe(0)
    expect(heard.text).not.toContain('ready in')
    expect(processesOf(dataDir)).toEqual([])
    expect(existsSync(join(dataDir, 'demo/postgres/cluster/postmaster.pid'))).toBe(false)
  })

  test.runIf(process.platform === 'linux')(`Ctrl-C twice ${when} does not wait`, { timeout: 120_000 }, async () => {
    const dataDir = folder()
    const { child, heard, ended } = demo(dataDir)
    await eventually(() => isThen(dataDir), { withinMs: 60_000 })
    child.kill('SIGINT')
    await eventually(() => heard.text.includes('stopping'), { withinMs: 20_000, everyMs: 5 })
    child.kill('SIGINT')
    const { code, text } = await ended
    expect([130, 0], text).toContain(code)
    await eventually(() => processesOf(dataDir).length === 0, { withinMs: 60_000 })
  })
}

test('taken ports that were asked for are all said, and it ends with 2', async () => {
  const dataDir = folder()
  const ports = { HTTP_PORT: await takenPort(), MQTT_PORT: await takenPort() }
  const { code, text, problems } = await demo(dataDir, ports).ended
  expect(code, text).toBe(2)
  expect(problems).toEqual([
    expect.stringContaining(`HTTP_PORT ${ports.HTTP_PORT} is already in use`),
    expect.stringContaining(`MQTT_PORT ${ports.MQTT_PORT} is already in use`),
  ])
  expect(text).not.toMatch(/^ +at /m)
})
