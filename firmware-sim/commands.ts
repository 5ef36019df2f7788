import type { SimController } from './controller.ts'

/** One line typed at the running simulator; answers what to print. */
export async function obeyLine(sim: SimController, line: string): Promise<string> {
  const [word = '', first = '', second = ''] = line.trim().split(/\s+/)
  const door = Number(first)
  switch (word) {
    case '':
      return ''
    case 'code':
      return JSON.stringify(await sim.typeCode(door, second))
    case 'badge':
      return JSON.stringify(await sim.badge(door, second))
    case 'open':
      sim.openDoor(door)
      break
    case 'shut':
      sim.shutDoor(door)
      break
    case 'put':
      sim.put(door)
      break
    case 'take':
      sim.take(door)
      break
    case 'exit':
      sim.pressExit(door)
      break
    case 'drift':
      if (!Number.isFinite(Number(first))) return 'drift needs a number of seconds'
      sim.driftClock(Number(first) * 1000)
      break
    case 'lose-clock':
      sim.loseClock()
      break
    case 'network':
      first === 'off' ? sim.cutNetwork() : sim.restoreNetwork()
      break
    case 'power':
      first === 'off' ? sim.cutPower() : sim.restorePower()
      break
    case 'state':
      return JSON.stringify(sim.state())
    default:
      return `${word} is not known; --help lists the words`
  }
  return 'done'
}
