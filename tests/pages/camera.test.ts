import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer'
import { makeSite, type Server, startForTests } from '../http/server-for-tests.ts'
import { picture, violations } from './building.ts'

const tracking = 'RR473124829FR'
const film = join(tmpdir(), `label-${process.pid}.y4m`)
let server: Server
let browser: Browser
let page: Page
const fetched: string[] = []
const problems: string[] = []

beforeAll(async () => {
  writeFileSync(film, await filmOf(tracking))
  server = await startForTests()
  const site = await makeSite(server)
  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [
      ...chromium.args,
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ],
    headless: true,
  })
  page = await browser.newPage({ locale: 'fr-FR', viewport: { width: 390, height: 844 }, hasTouch: true })
  page.setDefaultTimeout(9_000)
  page.on('request', request => fetched.push(request.url()))
  page.on('pageerror', error => problems.push(error.message))
  page.on('console', message => /Content Security/.test(message.text()) && problems.push(message.text()))
  await page.addInitScript(() => {
    const { mediaDevices } = navigator
    const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices)
    const streams: MediaStream[] = []
    Object.assign(globalThis, { streams })
    mediaDevices.getUserMedia = async wanted => {
      const stream = await getUserMedia(wanted)
      streams.push(stream)
      return stream
    }
  })
  await page.goto(`${server.url}/courier?site=${site.siteId}&bank=${site.controllerId}`)
  await page.fill('input[name=carrierCode]', `carrier-${site.controllerId}`)
  await page.keyboard.press('Enter')
  await button(/^S petit/).waitFor()
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await server?.close()
  rmSync(film, { force: true })
})
beforeEach(async () => {
  await page.reload()
  await button(/^S petit/).click()
})

const button = (name: string | RegExp) => page.getByRole('button', { name })
const scan = () => button('Scanner l’étiquette')
const said = (text: string) => page.getByRole('status').filter({ hasText: text }).waitFor()
const lights = () =>
  page.evaluate(() =>
    (globalThis as unknown as { streams: MediaStream[] }).streams.flatMap(each =>
      each.getTracks().map(track => track.readyState),
    ),
  )
const typingStays = async () => {
  await page.fill('input[name=tracking]', '6A12345678901')
  expect(await page.inputValue('input[name=tracking]')).toBe('6A12345678901')
  expect(await scan().isEnabled()).toBe(true)
}

test('the label is read by the camera, by what our own server sends and only when it is wanted; then the light is off', async () => {
  expect(fetched.filter(each => /wasm/.test(each))).toEqual([])
  await scan().click()
  await said('Tenez le code-barres')
  await picture(page, 'courier-camera')
  await said('Numéro lu sur l’étiquette.')
  expect(await page.inputValue('input[name=tracking]')).toBe(tracking)
  expect(await lights()).toEqual(['ended'])
  expect(await page.evaluate('document.activeElement.name')).toBe('q')
  expect(fetched.some(each => each.endsWith('.wasm'))).toBe(true)
  expect(fetched.filter(each => !each.startsWith(server.url))).toEqual([])
  expect(await violations(page)).toEqual([])
  expect(problems).toEqual([])
})

// as Media Capture and Streams, 10.2, names them
test.each([
  ['NotAllowedError', 'La caméra n’est pas permise ici.'],
  ['NotFoundError', 'Il n’y a pas de caméra libre.'],
  ['NotReadableError', 'Il n’y a pas de caméra libre.'],
])('%s is said in words, and typing stays', async (name, words) => {
  await page.evaluate(error => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', error))
  }, name)
  await scan().click()
  await said(words)
  await typingStays()
})

test('the reader does not come: said, and the light is off', async () => {
  await page.route('**/*.wasm', route => route.abort())
  await scan().click()
  await said('La lecture n’a pas pu être chargée.')
  await page.unroute('**/*.wasm')
  expect(await lights()).not.toContain('live')
  await typingStays()
})

test('nothing is read for 20 seconds: said, and the light is off; so it is when the courier goes back before that', async () => {
  await page.clock.install()
  await blindCamera()
  await scan().click()
  await said('Tenez le code-barres')
  await eventuallyLit()
  expect(await violations(page)).toEqual([])
  await page.clock.fastForward(21_000)
  await said('Rien n’a été lu : la caméra est arrêtée.')
  expect(await lights()).toEqual(['ended'])
  await typingStays()
  await scan().click()
  await eventuallyLit()
  await button('Arrêter la caméra').click()
  expect(await lights()).toEqual(['ended', 'ended'])
  await scan().click()
  await eventuallyLit()
  await button('Retour').click()
  await button(/^S petit/).waitFor()
  expect(await lights()).toEqual(['ended', 'ended', 'ended'])
})

const eventuallyLit = () =>
  page.waitForFunction(() => (document.querySelector('video.camera') as HTMLVideoElement | null)?.readyState === 4)

/** A camera before which there is no label: an empty canvas, filmed. */
const blindCamera = () =>
  page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = async () => {
      const canvas = document.createElement('canvas')
      const drawn = canvas.getContext('2d')!
      let n = 0
      setInterval(() => drawn.fillRect(n++ % 9, 0, 1, 1), 50)
      const stream = canvas.captureStream(20)
      ;(globalThis as unknown as { streams: MediaStream[] }).streams.push(stream)
      return stream
    }
  })

/** A film of one picture, grey levels only: the number as Code 128, as postal labels have it. */
async function filmOf(text: string): Promise<Buffer> {
  const { resolve } = createRequire(import.meta.url)
  const wasmBinary = readFileSync(resolve('zxing-wasm/writer/zxing_writer.wasm'))
  await prepareZXingModule({ overrides: { wasmBinary: wasmBinary.buffer as ArrayBuffer }, fireImmediately: true })
  const { symbol, error } = await writeBarcode(text, { format: 'Code128' })
  if (error) throw new Error(error)
  const [width, height, scale] = [640, 480, Math.floor(560 / symbol.width)]
  const luma = Buffer.alloc(width * height, 235)
  const left = Math.floor((width - symbol.width * scale) / 2)
  for (let x = 0; x < symbol.width * scale; x++) {
    if (symbol.data[Math.floor(x / scale)]! > 127) continue
    for (let y = 150; y < 330; y++) luma[y * width + left + x] = 16
  }
  const colour = Buffer.alloc((width * height) / 2, 128)
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, colour])
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame])
}
