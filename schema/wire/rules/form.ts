import { both, device, type Rules, server } from './rule.ts'

/** What every payload looks like, and what happens to one that does not. */
export const formRules: Rules = {
  'FORM-1': both('A payload is one JSON object in UTF-8.'),
  'FORM-2': both('Members that are not known are ignored.'),
  'FORM-3': both('Members ending in `At`, and `at`, `from`, `until`, `time`, are integers: ms since 1970 UTC.'),
  'FORM-4': both('`up` and members ending in `Up` are integers: ms since boot, in 64 bits, never wrapping.'),
  'FORM-5': device('`boot`, `link`, `journal` and `ask` come from a hardware random source or a counter in flash.'),
  'FORM-6': both('Malformed is: no JSON, or a needed member missing or of the wrong type. It is not applied.'),
  'FORM-7': server('A malformed message is counted and shown with its first KiB; the connection stays.'),
  'FORM-8': server('Of a malformed `up/code` only the count is kept, never the bytes.'),
  'FORM-9': device('A malformed message from the server is reported as event `message-refused`: `topic`, `reason`.'),
}
