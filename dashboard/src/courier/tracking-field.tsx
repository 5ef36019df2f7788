import { useEffect, useRef, useState } from 'preact/hooks'
import { s10Digit } from '../../../schema/api/tracking.ts'
import { useSpeech } from '../i18n/words.ts'
import { hasCamera, type NothingRead, scanLabel } from './scan-label.ts'

type Props = { tracking: string; change: (tracking: string) => void; scanned: () => void }

/** The label's number: typed, scanned into any field, or seen by the camera. Never needed. */
export function TrackingField({ tracking, change, scanned }: Props) {
  const { t } = useSpeech()
  const [isOn, setOn] = useState(false)
  const [said, setSaid] = useState<NothingRead | 'read'>()
  const turn = () => {
    setSaid(undefined)
    setOn(!isOn)
  }
  const end = (what: NothingRead | 'read') => {
    setOn(false)
    setSaid(what)
  }
  const read = (text: string) => {
    end('read')
    change(text)
    scanned()
  }
  return (
    <>
      <label>
        {t('tracking')}
        <input
          name="tracking"
          value={tracking}
          onInput={event => change(event.currentTarget.value)}
          autocomplete="off"
          maxLength={100}
        />
      </label>
      <p class="problem" role="status">
        {s10Digit(tracking) === 'wrong' ? t('trackingWrong') : ''}
      </p>
      {isOn && <Camera read={read} ended={end} />}
      <p role="status" class="notice">
        {isOn ? t('cr_cameraAim') : said && t(`cr_${said}`)}
      </p>
      {hasCamera() && (
        <button type="button" class="wide" onClick={turn}>
          {t(isOn ? 'cr_cameraOff' : 'cr_camera')}
        </button>
      )}
    </>
  )
}

type Heard = Parameters<typeof scanLabel>[1]

function Camera(heard: Heard) {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => scanLabel(video.current!, heard), [])
  return <video class="camera" ref={video} muted playsInline />
}
