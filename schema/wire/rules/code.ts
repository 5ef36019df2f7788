import { both, device, type Rules, server } from './rule.ts'

/** up/code, its answer on down/order, and wrong tries. */
export const codeRules: Rules = {
  'CODE-1': device('A typed code is looked for in its own list first.'),
  'CODE-2': device(
    'A code that its list knows is answered by the list alone, by the first matching grant that may open.',
  ),
  'CODE-3': device('Otherwise, if connected, it asks: `up/code` with a new `ask`, and `code` or `badge`.'),
  'CODE-4': device('`badge` is the UID in lower-case hex.'),
  'CODE-5': device('It waits 2 s for the answer; after that it says `no-answer`.'),
  'CODE-6': device(
    'An order with `ask` is obeyed only while that ask is waiting; otherwise it is refused: `not-asked`.',
  ),
  'CODE-7': server(
    'The answer on `down/order` has the `ask`: an order of type `open`, or type `refuse` with a `reason`.',
  ),
  'CODE-8': server('The refusals: `unknown`, `early`, `expired`, `used`, `door-out-of-service`, `locked`.'),
  'CODE-9': server('`early` says `from`, `expired` says `until`, `used` says `usedAt`.'),
  'CODE-10': both('One ask, one answer: a repeated ask gets the same order.'),
  'CODE-11': server('The use is booked at `unlocked`; an order under way holds its grant until it expires.'),
  'CODE-12': both('No code or badge is stored or logged.'),
  'CODE-13': device(
    'Only a code that fits nothing counts as a wrong try, also without a clock; per keypad; a badge never does.',
  ),
  'CODE-14': device(
    '`wrongTries` wrong ones lock the keypad for `lockoutMs`, then × `lockoutFactor`, to `lockoutMaxMs`.',
  ),
  'CODE-15': device('Count, level and a running lock-out survive a reboot; the lock-out starts again in full.'),
  'CODE-16': device('The level falls by one after an hour without a wrong try.'),
  'CODE-17': server('The server counts wrong tries too, as a backstop.'),
  'CODE-18': both('A lock-out stops no badge and no order.'),
  'CODE-19': server(
    '`locked` says that the keypad is; a door in mode `locked` is `door-out-of-service` to the person.',
  ),
}
