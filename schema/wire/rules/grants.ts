import { both, device, type Rules, server } from './rule.ts'

/** down/grants: the list by which a device opens alone. */
export const grantsRules: Rules = {
  'GRANTS-1': server('`down/grants` is the whole list, `page` of `pages`; the pages of a `version` never change.'),
  'GRANTS-2': device('A list is in force all at once, with its last missing page.'),
  'GRANTS-3': device(
    'Versions lower than or equal to its own, and pages of a version lower than one begun, are ignored.',
  ),
  'GRANTS-4': server('A new `version` is max(previous + 1, now in ms).'),
  'GRANTS-5': server('A server that hears a higher version than its own goes on from there and sends.'),
  'GRANTS-6': server('The list is sent when a status shows an older version, and on change.'),
  'GRANTS-7': server('It is sent again when `grants-applied` has not come in 10 s.'),
  'GRANTS-8': server('A use, or an end by time alone, makes no new version.'),
  'GRANTS-9': both('`check` is the first 16 bytes, hex, of HMAC-SHA-256(codeKey, code as ASCII digits).'),
  'GRANTS-10': both('`badge` of a grant is the same over the UID as lower-case hex.'),
  'GRANTS-11': server('The plain code is never sent.'),
  'GRANTS-12': server('No two grants that one keypad serves share a code.'),
  'GRANTS-13': both('`uses` is 1, or 0 for any number.'),
  'GRANTS-14': device('A grant of one use opens once (GRANTS-19 apart), also over power cuts and without network.'),
  'GRANTS-15': device(
    'Uses and burnt TOTP steps are kept in flash until the grant leaves the list, whatever is acked.',
  ),
  'GRANTS-16': device('`usedAt` in the list counts as a use too.'),
  'GRANTS-17': device('A new journal or a new `codeKey` starts with `grants` 0.'),
  'GRANTS-18': server('Ended grants stay in the list for 7 days; revoked ones leave at once.'),
  'GRANTS-19': device('For `reopenMs` after the first unlock the same code opens the same door again.'),
  'GRANTS-20': device('Reopening ends with any other unlock of that door, and with a reboot.'),
  'GRANTS-21': both('`totp` is RFC 6238 with SHA-1: this step and one either side, each step once per grant.'),
  'GRANTS-22': device('A rotating code is refused (`no-clock`) unless the clock is `synced` or `guessed`.'),
  'GRANTS-23': device('Without a clock the time is the last known plus uptime since; the time is saved hourly.'),
  'GRANTS-24': device(
    'Without a clock only grants whose `from` was past by the last known time open; `clock` says `none`.',
  ),
  'GRANTS-25': server('A door whose grant ended unused is given out again only when a version without it is in force.'),
  'GRANTS-26': server('A revoked grant is shown as revoked and not yet known until a version without it is in force.'),
  'GRANTS-27': server(
    "After a restore of the database a controller's grants are doubtful until its events since are in.",
  ),
}
