import { BarcodeDetector, type BarcodeFormat, prepareZXingModule } from 'barcode-detector/ponyfill'
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url'

/** Rejects when it cannot be fetched or the browser may not run it. */
export async function makeReader(formats: string[]): Promise<BarcodeDetector> {
  // it would fetch it from somebody else's server
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true })
  return new BarcodeDetector({ formats: formats as BarcodeFormat[] })
}
