import { looksScanned } from '../../../schema/api/tracking.ts'

type Detected = { rawValue: string }
type Reader = { detect(image: HTMLVideoElement): Promise<Detected[]> }
type Detector = { new (options: { formats: string[] }): Reader; getSupportedFormats(): Promise<string[]> }

/** Why no number came of it. */
export type NothingRead = 'refused' | 'none' | 'not-loaded' | 'nothing'

// what labels carry; others only cost time in each picture
const formats = ['code_128', 'qr_code', 'data_matrix', 'itf', 'code_39', 'pdf417', 'aztec']
const everyMs = 150
const giveUpMs = 20_000

/** Browsers have it on HTTPS and on their own machine only. */
export const hasCamera = (): boolean => navigator.mediaDevices?.getUserMedia !== undefined

type Heard = { read(text: string): void; ended(why: NothingRead): void }

/** Looks through the camera until a label is read, or for 20 s. The answer turns the camera off, at any moment. */
export function scanLabel(video: HTMLVideoElement, { read, ended }: Heard): () => void {
  let stream: MediaStream | undefined
  let isOver = false
  const stop = () => {
    isOver = true
    for (const track of stream?.getTracks() ?? []) track.stop()
    video.srcObject = null
  }
  const end = (why: NothingRead) => {
    if (isOver) return
    stop()
    ended(why)
  }

  async function look() {
    const loading = loadReader()
    loading.catch(() => end('not-loaded'))
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
    // allowed only after it was left
    if (isOver) return stop()
    video.srcObject = stream
    await video.play()
    const reader = await loading
    const lastAt = Date.now() + giveUpMs
    let before: string | undefined
    while (!isOver) {
      const text = labelIn(await reader.detect(video))
      if (isOver) return
      // bars half in the picture give a number now and then, but not the same one twice
      if (text !== undefined && text === before) {
        stop()
        return read(text)
      }
      before = text ?? before
      if (Date.now() > lastAt) return end('nothing')
      await new Promise(done => setTimeout(done, everyMs))
    }
  }
  look().catch(error => end((error as DOMException).name === 'NotAllowedError' ? 'refused' : 'none'))
  return stop
}

function labelIn(found: Detected[]): string | undefined {
  // GS1 labels have separators between their parts
  const texts = found.map(({ rawValue }) => rawValue.replace(/\p{Cc}/gu, '').trim())
  return texts.find(looksScanned)
}

/** The browser's own, else the same in WebAssembly, which is fetched from here when it is needed. */
async function loadReader(): Promise<Reader> {
  const own = (globalThis as { BarcodeDetector?: Detector }).BarcodeDetector
  const known = (await own?.getSupportedFormats().catch(() => [])) ?? []
  if (own && known.includes('code_128')) return new own({ formats: formats.filter(each => known.includes(each)) })
  const { makeReader } = await import('./wasm-reader.ts')
  return makeReader(formats)
}
