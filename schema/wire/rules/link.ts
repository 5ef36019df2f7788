import { both, device, type Rules, server } from './rule.ts'

/** Identity, connection, permission. */
export const linkRules: Rules = {
  'LINK-1': both('A controller id matches [a-z0-9][a-z0-9-]{1,62}; the controller is enrolled at one site.'),
  'LINK-2': server(
    'Enrolment gives `password` (256 random bits) and `codeKey` (32 bytes, hex) once, to this one only.',
  ),
  'LINK-3': device('Client id and user name are the controller id; the session is clean; the protocol is MQTT 3.1.1.'),
  'LINK-4': device('Keepalive is at most 30 s.'),
  'LINK-5': device('Without a time a device checks chain and name of the server certificate, but not its dates.'),
  'LINK-6': server('A client certificate whose CN is the controller id may stand for the password.'),
  'LINK-7': server('Plain TCP is for loopback or a closed network; elsewhere it is TLS.'),
  'LINK-8': server('A second connection with the same id replaces the first.'),
  'LINK-9': device('It reconnects after a random wait: at most 1 s at first, doubling to at most 120 s.'),
  'LINK-10': server('A controller may publish only to its own `up/status`, `up/events` and `up/code`.'),
  'LINK-11': server('It may subscribe only to its own `down/+`, `down/#`, or one kind of it by name.'),
  'LINK-12': server('A subscription that is not allowed is answered with 0x80 and logged.'),
  'LINK-13': server('A publish that is not allowed ends the connection and is logged.'),
  'LINK-14': both('Everything is published with QoS 1.'),
  'LINK-15': both('Nothing is published retained.'),
  'LINK-16': both('A whole MQTT packet is at most 4096 bytes, either way.'),
  'LINK-17': both('Nothing that only one broker has is used: no retained message, no kept session, no $SYS.'),
  'LINK-18': both(
    'PUBACK says that the broker has a message, never that it is recorded; that is what `down/ack` says.',
  ),
}
