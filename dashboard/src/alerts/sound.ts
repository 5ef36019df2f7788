import { useEffect, useState } from 'preact/hooks'

const kept = 'alert-sound'
const tones = [
  { hertz: 880, fromMs: 0, forMs: 160 },
  { hertz: 660, fromMs: 200, forMs: 240 },
]

let context: AudioContext | undefined

/** Two short tones; nothing is fetched for them. */
function play(): void {
  context ??= new AudioContext()
  void context.resume()
  for (const { hertz, fromMs, forMs } of tones) {
    const from = context.currentTime + fromMs / 1000
    const loudness = context.createGain()
    // without the ramps it would click
    loudness.gain.setValueAtTime(0, from)
    loudness.gain.linearRampToValueAtTime(0.2, from + 0.02)
    loudness.gain.linearRampToValueAtTime(0, from + forMs / 1000)
    const tone = context.createOscillator()
    tone.frequency.value = hertz
    tone.connect(loudness).connect(context.destination)
    tone.start(from)
    tone.stop(from + forMs / 1000)
  }
}

/** Off until somebody asks for it; remembered on this device. A browser is silent until its page was touched once. */
export function useSound() {
  const [on, setOn] = useState(localStorage.getItem(kept) === 'on')
  const [touched, setTouched] = useState(false)
  useEffect(() => {
    const touch = () => setTouched(true)
    const events = ['pointerdown', 'keydown'] as const
    for (const each of events) addEventListener(each, touch, { once: true })
    return () => {
      for (const each of events) removeEventListener(each, touch)
    }
  }, [])
  return {
    on,
    waits: on && !touched,
    ring: () => on && touched && play(),
    turn() {
      localStorage.setItem(kept, on ? 'off' : 'on')
      setOn(!on)
      if (!on) play()
    },
  }
}
