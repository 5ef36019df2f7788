import { device, type Rules, server } from './rule.ts'

/** down/order. */
export const orderRules: Rules = {
  'ORDER-1': server('Every `down/order` of type `open` or `mode` names a grant.'),
  'ORDER-2': server("A courier's or caretaker's opening is a one-use grant that is never in the list."),
  'ORDER-3': device('Type `open` opens `door` once.'),
  'ORDER-4': device('Type `mode` is for rooms: `free` holds the door open for `forMs`, then ends by itself.'),
  'ORDER-5': device(
    'Mode `locked` refuses all but the exit and orders that nobody at a keypad asked for; it ends after `forMs`.',
  ),
  'ORDER-6': device('Mode `normal` ends `free` and `locked` at once.'),
  'ORDER-7': server(
    '`notAfterUp` = `up` of the latest status or code of that boot + the time since its receipt + 10 s.',
  ),
  'ORDER-8': server(
    "The time since is by the database's clock and kept there; a delay can only make the deadline early.",
  ),
  'ORDER-9': device('A retained order is refused: `retained`.'),
  'ORDER-10': device('An order whose `boot` is not its own is refused: `wrong-boot`.'),
  'ORDER-11': device('An order is refused once `up` is above `notAfterUp`: `late`. At `notAfterUp` it is obeyed.'),
  'ORDER-12': device('An order id is remembered until its deadline, obeyed or not; again it is refused: `repeated`.'),
  'ORDER-13': device('An order for a door it does not have is refused: `unknown-door`.'),
  'ORDER-14': device('An order while a bolt is moving is refused: `busy`.'),
  'ORDER-15': device('Each refusal is reported as `order-refused`; no order is kept to be obeyed later.'),
  'ORDER-16': server('No order is queued for an absent device; the asker is told at once.'),
  'ORDER-17': server('An order without an answer at its deadline + 2 s is expired.'),
  'ORDER-18': server('A later `unlocked` corrects an expired order, which is marked late.'),
  'ORDER-19': server('An `unlocked` of an order is suspect only if its own time is after the deadline.'),
  'ORDER-20': device("An `unlocked` by an order is a use of the grant the order names, in the device's own list too."),
  'ORDER-21': device('An order with an `ask` for a door in mode `locked` is refused: `locked`.'),
}
