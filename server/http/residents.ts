import { MadeResident, NewResident } from '../../schema/api/caretaker.ts'
import {
  ChangeResident,
  ExportResidents,
  FindResidents,
  ImportResidents,
  MadePin,
  MovedOut,
  NewPin,
  PreviewResidents,
  Resident,
  Residents,
  ResidentsImported,
  ResidentsPreview,
} from '../../schema/api/residents.ts'
import { may } from '../../schema/api/roles.ts'
import { ById, MadeId, WithReason } from '../../schema/api/shared.ts'
import { type Context, write } from '../context.ts'
import { askForResidents, residentsFile } from '../domain/export-residents.ts'
import { importResidents, previewResidents } from '../domain/import-residents.ts'
import { moveOut } from '../domain/move-out.ts'
import { rememberLook } from '../domain/name-looks.ts'
import { changeResident, createResident, newPin } from '../domain/residents.ts'
import { Refusal } from '../refusal.ts'
import { residentById, residentsLike } from '../store/residents.ts'
import { type App, csv, gives } from './app.ts'
import { derived, plain, sameOnce, shownOnce } from './once.ts'
import { mustReach, mustWorkAt, seerOf, who } from './permission.ts'

/** Residents of a site: found, added one by one or from a file, changed, moved out. */
export function residentsRoutes(app: App, ctx: Context): void {
  const config = { roles: may.people }

  const add = { body: NewResident, response: gives(201, MadeResident) }
  app.post('/api/residents', { schema: add, config }, async (request, reply) => {
    mustWorkAt(who(request), request.body.siteId)
    const work = shownOnce(within => createResident(within, request.body))
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const find = { querystring: FindResidents, response: gives(200, Residents) }
  app.get('/api/residents', { schema: find, config }, async request => {
    const session = who(request)
    const { siteId = session.siteIds?.[0], q = '', movedOut = false, cursor, limit = 50 } = request.query
    if (siteId === undefined) throw new Refusal('invalid', { field: 'siteId' })
    mustWorkAt(session, siteId)
    if (cursor !== undefined) await mustReach(ctx, session, { thing: 'residents', id: cursor, field: 'cursor' })
    const items = await residentsLike(ctx.sql, { siteId, q, movedOut, after: cursor, limit })
    const residentIds = items.map(({ id }) => id)
    await rememberLook(ctx, { siteId, how: 'list', ...seerOf(session), residentIds })
    return { items, next: items.length === limit ? items.at(-1)!.id : null }
  })

  const one = { params: ById, response: gives(200, Resident) }
  app.get('/api/residents/:id', { schema: one, config }, async request => {
    const { id } = request.params
    const siteId = await mustReach(ctx, who(request), { thing: 'residents', id })
    await rememberLook(ctx, { siteId, how: 'sheet', ...seerOf(who(request)), residentIds: [id] })
    return (await residentById(ctx.sql, id))!
  })

  const change = { params: ById, body: ChangeResident, response: gives(200, MadeId) }
  app.post('/api/residents/:id/change', { schema: change, config }, async request => {
    const { actorId } = who(request)
    const { id } = request.params
    await mustReach(ctx, who(request), { thing: 'residents', id })
    const work = plain(within => changeResident(within, { ...request.body, id, actorId }))
    return sameOnce(ctx, request, work)
  })

  const pin = { params: ById, body: NewPin, response: gives(201, MadePin) }
  app.post('/api/residents/:id/pin', { schema: pin, config }, async (request, reply) => {
    const { actorId } = who(request)
    const { id } = request.params
    await mustReach(ctx, who(request), { thing: 'residents', id })
    const work = shownOnce(within => newPin(within, { id, actorId, pin: request.body.pin }))
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const leave = { params: ById, body: WithReason, response: gives(200, MovedOut) }
  app.post('/api/residents/:id/move-out', { schema: leave, config }, async request => {
    const { actorId } = who(request)
    const { id } = request.params
    await mustReach(ctx, who(request), { thing: 'residents', id })
    const work = plain(within => moveOut(within, { id, actorId, reason: request.body.reason }))
    return sameOnce(ctx, request, work)
  })
}

/** Some 10,000 rows. */
const fileBytes = 8 * 1024 * 1024

/** Many residents at once, as a spreadsheet has them. */
export function residentFileRoutes(app: App, ctx: Context): void {
  const config = { roles: may.people }

  const preview = { body: PreviewResidents, response: gives(200, ResidentsPreview) }
  app.post('/api/residents/preview', { schema: preview, config, bodyLimit: fileBytes }, async request => {
    mustWorkAt(who(request), request.body.siteId)
    const work = derived(
      // only so that the key is taken: nothing of the file is kept
      within => write(within, async () => ({})),
      () => previewResidents(ctx, request.body),
    )
    return sameOnce(ctx, request, work)
  })

  const take = { body: ImportResidents, response: gives(201, ResidentsImported) }
  app.post('/api/residents/import', { schema: take, config, bodyLimit: fileBytes }, async (request, reply) => {
    const { actorId } = who(request)
    mustWorkAt(who(request), request.body.siteId)
    const work = plain(within => importResidents(within, { ...request.body, actorId }))
    return reply.code(201).send(await sameOnce(ctx, request, work))
  })

  const file = { body: ExportResidents, response: csv }
  app.post('/api/residents/export', { schema: file, config }, async (request, reply) => {
    const seer = seerOf(who(request))
    mustWorkAt(who(request), request.body.siteId)
    const work = derived(
      within => askForResidents(within, { ...request.body, ...seer }),
      ({ siteId }) => residentsFile(ctx, siteId),
    )
    return reply.type('text/csv; charset=utf-8').send(await sameOnce(ctx, request, work))
  })
}
