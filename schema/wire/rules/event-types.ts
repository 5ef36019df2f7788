import { both, device, type Rules, server } from './rule.ts'

/** What each event of up/events says. */
export const eventTypeRules: Rules = {
  'TYPE-1': device('`started`: it booted; `reason` is `power`, `update` or `watchdog`.'),
  'TYPE-2': device('`accepted`: a code or an order may open `door`; `cause` says by what.'),
  'TYPE-3': device('`unlocked`: the bolt of `door` moved.'),
  'TYPE-4': both(
    '`unlocked` is the use of its grant. `accepted` alone (jam, power cut) is none and may be tried again.',
  ),
  'TYPE-5': server('`accepted` without `unlocked` is a doubt that the caretaker sees.'),
  'TYPE-6': device('`opened` and `closed`: seen by the door sensor; a door without one sends neither.'),
  'TYPE-7': device('`occupied` or `vacant`: seen by the occupancy sensor after the door closed.'),
  'TYPE-8': device('`jammed`: accepted, but bolt or door did not move.'),
  'TYPE-9': device('`forced`: opened with the bolt shut.'),
  'TYPE-10': device('`held-open`: still open after `heldOpenMs` of the config.'),
  'TYPE-11': both('`exit-requested`: somebody left by the button. It is always possible and never an alarm.'),
  'TYPE-12': device(
    '`code-refused` by itself: `reason` `unknown`, `early`, `expired`, `used`, `no-clock`, `no-answer` or `locked`.',
  ),
  'TYPE-13': device('`code-refused` names the `grant` if it is known, and never the code.'),
  'TYPE-14': device('`keypad-locked`: too many `unknown` at `keypad`; locked for `forMs`.'),
  'TYPE-15': device(
    '`order-refused`: `late`, `wrong-boot`, `repeated`, `unknown-door`, `busy`, `retained`, `not-asked` or `locked`.',
  ),
  'TYPE-16': device('`mode-changed`: the room `door` is in `mode` `normal`, `free` or `locked` now.'),
  'TYPE-17': device('`grants-applied`: the list of that `version` is in force.'),
  'TYPE-18': device('`config-applied`: the config of that `version` is in force.'),
  'TYPE-19': device('`list-too-large`: it cannot hold the list of that `version`; the old one stays in force.'),
  'TYPE-20': device('`clock-set`: `by` is what its clock moved by, in ms.'),
  'TYPE-21': device('`tampered`: somebody is at the housing.'),
  'TYPE-22': device('`power`: it runs on `source` `mains` or `battery`, with `level` 0–100.'),
  'TYPE-23': device('`cause` is the `grant`, and the `order` if there was one.'),
}
