import { both, device, type Rules, server } from './rule.ts'

/** up/status and down/welcome. */
export const statusRules: Rules = {
  'STATUS-1': device('`up/status` is the first message after subscribing, with `doors` and `keypads`.'),
  'STATUS-2': device('It is sent again every `beatMs` of the welcome, without `doors` and `keypads`.'),
  'STATUS-3': device('Doors that do not fit one packet come as several messages: `doorsPage` of `doorsPages`.'),
  'STATUS-4': server('One `down/welcome` answers, after the last page.'),
  'STATUS-5': device('`link` is new with every connection, `boot` with every boot, `journal` with every journal made.'),
  'STATUS-6': device('`first` is the oldest event still held, acked or not; `last` + 1 when it holds none.'),
  'STATUS-7': device('`last` is the newest event ever made in this journal; 0 for none.'),
  'STATUS-8': device('`clock` is `synced`, `guessed` (kept over a reset that did not lose power) or `none`.'),
  'STATUS-9': device('`grants` and `config` are the versions in force: 0 none; `grants` −1 keeps no list.'),
  'STATUS-10': device('Its will, and what it sends at a clean stop, is state `offline` with its `link` and `boot`.'),
  'STATUS-11': server('State `offline` is ignored unless its `link` is the current one.'),
  'STATUS-12': server(
    'A status with a lower `last` of the same journal, or a lower `up` of the same boot, changes nothing.',
  ),
  'STATUS-13': server('A controller is `online` while heard within 2.5 × `beatMs` and no `offline` came since.'),
  'STATUS-14': server('`seq` of the welcome is the last number recorded of that journal; of a new one `first` − 1.'),
  'STATUS-15': device('Its events are sent from `seq` + 1 of the welcome.'),
  'STATUS-16': device(
    'If its `last` is below `seq` of the welcome it starts a new journal and renumbers what it holds.',
  ),
  'STATUS-17': server("`up` of the welcome echoes `up` of the status; `time` is the server's time."),
  'STATUS-18': device('It sets its clock from `time` of the welcome, unless the echo is older than 5 s.'),
  'STATUS-19': device('It makes `clock-set` when its clock moved by more than 30 s.'),
  'STATUS-20': server('Doors that differ from what the site expects are shown, never silently taken over.'),
  'STATUS-21': both('`keypads` entries with the same number, also of other pages, are parts of one keypad.'),
  'STATUS-22': server('A new journal gets a new version of the list, which tells every use recorded by then.'),
  'STATUS-23': server('Events that a status told of are a loss when another journal comes in their place.'),
  'STATUS-24': server('A boot that was heard before, and a `last` below what is recorded, are shown as suspect.'),
  'STATUS-25': device('What nobody acked is sent, also where the welcome says that its number is recorded.'),
  'STATUS-26': device('`withoutPower` of a door: `fail-safe` unlocks without power, `fail-secure` stays as it is.'),
}
