import type { DoorSetup } from '../../firmware-sim/setup.ts'
import { signIn } from './http-client.ts'

export const bankId = 'bank-1'
export const roomId = 'room-1'
export const landlord = { email: 'landlord@demo.example', password: 'demo-landlord-1' }
export const caretaker = { email: 'caretaker@demo.example', password: 'demo-caretaker-1' }

const carrierCode = 'COURIER-2468'
/** The bank as it stands in the hall: column by column from the left, each from the top. */
const columns = [
  [1, 2, 3, 18, 10, 23],
  [19, 4, 5, 6, 11, 12, 20],
  [7, 8, 9, 13, 14, 21, 22],
  [15, 16, 17, 24],
]
const sizeOf = (door: number) => (door > 22 ? 'XL' : door > 17 ? 'L' : door > 9 ? 'M' : 'S')
/** their handles are within reach from a wheelchair, 0.90 to 1.30 m */
const low = new Set([4, 5, 6, 10, 11, 14, 16, 17, 18])
const high = new Set([1, 2, 3, 7, 8, 9, 15, 19])

/** 24 compartments in four sizes. */
export const bankDoors: DoorSetup[] = columns
  .flatMap((doors, column) => doors.map((door, row) => ({ door, column: column + 1, row: row + 1 })))
  .sort((a, b) => a.door - b.door)
  .map(place => ({
    ...place,
    kind: 'compartment',
    size: sizeOf(place.door),
    height: low.has(place.door) ? 'low' : high.has(place.door) ? 'high' : 'normal',
    doorSensor: true,
    occupancySensor: true,
  }))
export const roomDoors: DoorSetup[] = [{ door: 1, kind: 'room', doorSensor: true, occupancySensor: false }]

export type Device = { id: string; password: string; codeKey: string }
export type Resident = { id: string; name: string; flat: string; memberNumber: string; pin: string }
export type DemoSite = {
  siteId: string
  carrierCode: string
  residents: Resident[]
  devices: Device[]
}

/** Everything through HTTP, as a landlord with a terminal would. */
export async function makeSite(baseUrl: string): Promise<DemoSite> {
  const asLandlord = await signIn(baseUrl, landlord)
  const { id: siteId } = await asLandlord.post<{ id: string }>('/api/sites', { name: 'Résidence des Érables' })
  await asLandlord.post('/api/accounts', { ...caretaker, name: 'Camille Roux', role: 'caretaker', siteIds: [siteId] })
  await asLandlord.post('/api/carriers', { siteId, name: 'Demo Parcels', code: carrierCode })

  const enrol = (id: string, name: string, doors: DoorSetup[]) =>
    asLandlord.post<Device>('/api/controllers', {
      id,
      siteId,
      name,
      doors: doors.map(door => (door.kind === 'room' ? { ...door, name: 'Salle commune' } : door)),
    })
  const bank = await enrol(bankId, 'Hall A', bankDoors)
  const room = await enrol(roomId, 'Salle commune', roomDoors)
  await openRoom(asLandlord, siteId)

  const residents: Resident[] = []
  for (const [name, flat, pin, contact] of [
    [
      'Amina Benali',
      'A12',
      '246813',
      { email: 'amina@demo.example', phone: '06 12 34 56 78', tellBy: ['email', 'sms'] },
    ],
    ['Jean Moreau', 'A14', '135724', { email: 'jean@demo.example', language: 'en' }],
    ['Odile Petit', 'B03', '975310', { phone: '03 22 12 34 56', tellBy: ['voice'] }],
  ] as const) {
    const made = await asLandlord.post<{ id: string; memberNumber: string }>('/api/residents', {
      siteId,
      name,
      flat,
      pin,
      ...contact,
    })
    residents.push({ id: made.id, name, flat, memberNumber: made.memberNumber, pin })
  }
  return {
    siteId,
    carrierCode,
    residents,
    devices: [bank, room].map(({ id, password, codeKey }) => ({ id, password, codeKey })),
  }
}

/** The common room can be booked every day. */
async function openRoom(asLandlord: Awaited<ReturnType<typeof signIn>>, siteId: string): Promise<void> {
  const { items } = await asLandlord.get<{ items: { id: string; kind: string }[] }>(`/api/doors?siteId=${siteId}`)
  const doorId = items.find(door => door.kind === 'room')!.id
  const hours = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, from: '08:00', until: '22:00' }))
  await asLandlord.post('/api/rooms', { doorId, name: 'Salle commune', capacity: 12, hours })
}
