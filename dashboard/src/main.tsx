import { render } from 'preact'
import { App } from './app.tsx'
import { firstLanguage, loadSpeech } from './i18n/words.ts'
import { keepFocus } from './keep-focus.ts'
import { ignoreSecondTaps } from './second-taps.ts'

const root = document.getElementById('app')!

ignoreSecondTaps()
keepFocus(root)
loadSpeech(firstLanguage()).then(
  first => render(<App first={first} />, root),
  () => {
    // There are no words yet, so these are in both languages.
    root.textContent = 'La page n’a pas pu être chargée, réessayez. – The page could not be loaded, try again.'
  },
)
