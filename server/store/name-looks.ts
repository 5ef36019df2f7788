import type { NameLook, OwnLook } from '../../schema/api/name-looks.ts'
import type { AccountRole } from '../../schema/api/roles.ts'
import type { Sql, Tx } from '../postgres/connect.ts'

export type Look = {
  residentIds: string[]
  how: NameLook
  actorId: string
  role: AccountRole
  at: Date
  roomId?: string | null
  noteId?: string | null
}

/** One row each; answers whose they are. `since`: not of those whom the same person saw in the same way after that. */
export async function addLooks(tx: Tx, { residentIds, since, ...look }: Look & { since?: Date }): Promise<string[]> {
  const { how, actorId, role, at, roomId = null, noteId = null } = look
  const rows = await tx<{ residentId: string }[]>`
    insert into name_looks (resident_id, at, how, actor_id, role, room_id, note_id)
    select r.id, ${at}::timestamptz, ${how}, ${actorId}::uuid, ${role}, ${roomId}::uuid, ${noteId}::uuid
    from residents r where r.id = any(${residentIds}::uuid[])
      ${since ? sinceThen(tx, { since, how, actorId }) : tx``}
    returning resident_id`
  return rows.map(({ residentId }) => residentId)
}

const sinceThen = (tx: Tx, { since, how, actorId }: { since: Date; how: string; actorId: string }) => tx`
  and not exists (select 1 from name_looks l
    where l.resident_id = r.id and l.at > ${since} and l.how = ${how} and l.actor_id = ${actorId})`

/** The newest 100. */
export async function looksAt(sql: Sql, residentId: string): Promise<OwnLook[]> {
  const rows = await sql<(Omit<OwnLook, 'at'> & { at: Date })[]>`
    select l.at, l.how, l.role, r.name as room, n.text as reason
    from name_looks l left join rooms r on r.id = l.room_id left join notes n on n.id = l.note_id
    where l.resident_id = ${residentId} order by l.at desc limit 100`
  return rows.map(row => ({ ...row, at: row.at.toISOString() }))
}

export async function deleteOldLooks(sql: Sql, before: Date): Promise<void> {
  await sql`delete from name_looks where at < ${before}`
}
