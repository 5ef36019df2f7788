import { useCallback, useEffect, useState } from 'preact/hooks'
import type { OwnParcel, Profile } from '../../../schema/api/resident.ts'
import { ask, reasonOf } from '../api.ts'
import { useSpeech } from '../i18n/words.ts'
import { useNewest } from '../use-newest.ts'
import { LooksPart } from './looks-part.tsx'
import { MyRooms } from './my-rooms.tsx'
import { ParcelCard } from './parcel-card.tsx'
import { PastParcels } from './past-parcels.tsx'
import { SettingsForm } from './settings-form.tsx'
import { Slip } from './slip.tsx'

const askAgainMs = 20_000
const isOver = ({ state }: OwnParcel) => state === 'collected' || state === 'cancelled' || state === 'returned'

type Mine = { profile: Profile; parcels: OwnParcel[]; at: string }

/** The resident's page. Without a connection what was seen last stays: the code is good all the same. */
export function MePage({ signedOut }: { signedOut: () => void }) {
  const { t, moment } = useSpeech()
  const [mine, setMine] = useState<Mine>()
  const [isOld, setOld] = useState(false)
  const [slipId, setSlipId] = useState<string>()

  const begin = useNewest()
  const load = useCallback(async () => {
    const isNewest = begin()
    try {
      const [profile, { items }] = await Promise.all([
        ask<Profile>('GET', '/api/me'),
        ask<{ items: OwnParcel[] }>('GET', '/api/me/parcels'),
      ])
      // what was asked before a button was pressed must not undo on the screen what it did
      if (!isNewest()) return
      setMine({ profile, parcels: items, at: new Date().toISOString() })
      setOld(false)
    } catch (error) {
      if (!isNewest()) return
      if (reasonOf(error) === 'not-signed-in') signedOut()
      setOld(true)
    }
  }, [])

  useEffect(() => {
    void load()
    const timer = setInterval(load, askAgainMs)
    addEventListener('focus', load)
    return () => {
      clearInterval(timer)
      removeEventListener('focus', load)
    }
  }, [load])

  if (!mine) return <p role="status">{t(isOld ? 'error_link' : 'connecting')}</p>
  const { profile, parcels, at } = mine
  const slip = parcels.find(each => each.id === slipId && each.code)
  if (slip) return <Slip parcel={slip} site={profile.site} leave={() => setSlipId(undefined)} />
  const now = parcels.filter(each => !isOver(each))
  return (
    <div class="me">
      <h2>{t('me_hello', { name: profile.name })}</h2>
      <p role="status" class={isOld ? 'warning' : ''}>
        {isOld && t('me_old', { time: moment(at) })}
      </p>
      {now.length === 0 && (
        <p class="panel">
          {t('me_none')} {t('me_noneMore')}
        </p>
      )}
      {now.map(parcel => (
        <ParcelCard
          key={parcel.id}
          parcel={parcel}
          site={profile.site}
          changed={load}
          print={() => setSlipId(parcel.id)}
        />
      ))}
      <MyRooms timeZone={profile.site.timeZone} touch={at} />
      <SettingsForm profile={profile} changed={load} />
      <PastParcels parcels={parcels.filter(isOver)} site={profile.site} changed={load} />
      <LooksPart timeZone={profile.site.timeZone} />
      <button type="button" onClick={load}>
        {t('me_reload')}
      </button>
    </div>
  )
}
