import { device, type Rules, server } from './rule.ts'

/** down/config. */
export const configRules: Rules = {
  'CONFIG-1': server('`down/config` is one message with every setting and its `version`.'),
  'CONFIG-2': device('A higher `version` is in force at once, kept in flash and reported as `config-applied`.'),
  'CONFIG-3': device('A version lower than or equal to its own is ignored.'),
  'CONFIG-4': server(
    'It is sent when a status shows an older version, on change, and again without an answer in 10 s.',
  ),
  'CONFIG-5': server('A server that hears a higher version than its own goes on from there and sends.'),
  'CONFIG-6': device('The bolt stays drawn for `unlockMs`, or until the door is seen to open.'),
  'CONFIG-7': device('`heldOpenMs` is the time after which an open door is `held-open`.'),
}
