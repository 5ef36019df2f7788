import { useEffect, useRef, useState } from 'preact/hooks'
import { useSpeech } from '../i18n/words.ts'

/** What a single key does; WCAG 2.1.4: they can all be turned off, for those who dictate. */
export type Keys = Record<'?' | '/' | 'n', () => void>
const kept = 'single-keys'

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, select, textarea, dialog, [contenteditable]') !== null

export function useSingleKeys(keys: Keys): [on: boolean, turn: (on: boolean) => void] {
  const [on, setOn] = useState(() => localStorage.getItem(kept) !== 'off')
  const now = useRef(keys)
  now.current = keys
  useEffect(() => {
    if (!on) return
    function press(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return
      const act = Object.hasOwn(now.current, event.key) ? now.current[event.key as keyof Keys] : undefined
      if (!act) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [on])
  return [
    on,
    wanted => {
      localStorage.setItem(kept, wanted ? 'on' : 'off')
      setOn(wanted)
    },
  ]
}

const rows = [
  ['?', 'wl_key_help'],
  ['/', 'wl_key_find'],
  ['n', 'wl_key_next'],
  ['← ↑ ↓ →', 'wl_key_arrows'],
  ['Home End', 'wl_key_ends'],
  ['Enter', 'wl_key_enter'],
  ['Esc', 'wl_key_escape'],
] as const

type Props = { open: boolean; close: () => void; on: boolean; turn: (on: boolean) => void }

export function KeysHelp({ open, close, on, turn }: Props) {
  const { t } = useSpeech()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return (
    <dialog ref={dialog} class="keys" aria-labelledby="keys-title" onClose={close}>
      <h2 id="keys-title">{t('wl_keysTitle')}</h2>
      <dl>
        {rows.map(([key, word]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map(each => (
                <kbd key={each}>{each}</kbd>
              ))}
            </dt>
            <dd>{t(word)}</dd>
          </div>
        ))}
      </dl>
      <label class="choice">
        <input type="checkbox" checked={on} onChange={event => turn(event.currentTarget.checked)} />
        {t('wl_singleKeys')}
      </label>
      <button type="button" class="main" onClick={close}>
        {t('close')}
      </button>
    </dialog>
  )
}
