import { useState } from 'preact/hooks'
import type { WallController, WallDoor } from '../../../schema/api/live.ts'
import { useSpeech } from '../i18n/words.ts'
import { lookOf, shapes, type Wall } from '../state.ts'
import { ActForm } from './act-form.tsx'
import { AuditWalk } from './audit-walk.tsx'
import { useRunningAudits } from './running-audits.ts'

/** Boxes out of service and back, and the walk along a bank. */
export function Boxes({ siteId, wall }: { siteId: string; wall: Wall }) {
  const { audits, again } = useRunningAudits(siteId)
  const banks = wall.controllers.filter(controller => controller.retiredAt === null)
  const boxesOf = (id: string) => wall.doors.filter(door => door.controllerId === id && door.kind === 'compartment')
  return (
    <div class="banks">
      {banks
        .map(bank => ({ bank, boxes: boxesOf(bank.id) }))
        .filter(({ boxes }) => boxes.length > 0)
        .map(({ bank, boxes }) => {
          const audit = audits.find(each => each.controllerId === bank.id)
          return (
            <section key={bank.id} class="bank" aria-label={bank.name}>
              <h2>
                <bdi>{bank.name}</bdi>
              </h2>
              {audit ? (
                <AuditWalk key={audit.id} id={audit.id} wall={wall} ended={again} />
              ) : (
                <StartAudit bank={bank} started={again} />
              )}
              {!audit && <Service boxes={boxes} />}
            </section>
          )
        })}
    </div>
  )
}

function StartAudit({ bank, started }: { bank: WallController; started: () => void }) {
  const { t } = useSpeech()
  return (
    <details>
      <summary>{t('auditStart')}</summary>
      <p>{t('auditWhy')}</p>
      <ActForm path="/api/audits" more={{ controllerId: bank.id }} act={t('auditStart')} done={started} />
    </details>
  )
}

function Service({ boxes }: { boxes: WallDoor[] }) {
  const { t, of } = useSpeech()
  const [isDone, setIsDone] = useState(false)
  const done = () => setIsDone(true)
  return (
    <>
      <p role="status">{isDone && t('done')}</p>
      <ul class="boxes">
        {boxes.map(door => (
          <li key={door.id} class={`look-${lookOf(door)}`}>
            <span aria-hidden="true">{shapes[lookOf(door)]}</span> <strong>{t('door', { n: door.door })}</strong>{' '}
            <small>{door.size}</small> {of('offer', door.offer)}
            {door.offer === 'retired' ? (
              <details key="return" name="service">
                <summary>{t('returnDoor', { n: door.door })}</summary>
                <ActForm path={`/api/doors/${door.id}/return`} act={t('returnBox')} done={done}>
                  <label>
                    {t('found')}
                    <select name="found">
                      <option value="empty">{t('found_empty')}</option>
                      <option value="something-else">{t('found_something-else')}</option>
                    </select>
                  </label>
                </ActForm>
              </details>
            ) : (
              <details key="retire" name="service">
                <summary>{t('retireDoor', { n: door.door })}</summary>
                <ActForm path={`/api/doors/${door.id}/retire`} act={t('retireBox')} done={done} />
              </details>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
