import { render } from 'preact'
import { App } from './app.tsx'
import { ignoreSecondTaps } from './second-taps.ts'

ignoreSecondTaps()
render(<App />, document.getElementById('app')!)
