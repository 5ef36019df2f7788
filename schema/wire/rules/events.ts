import { device, type Rules, server } from './rule.ts'

/** up/events and down/ack: how events travel. What each of them means is in event-types.ts. */
export const eventsRules: Rules = {
  'EVENTS-1': device('`seq` grows by one with each event and is never used twice in a journal.'),
  'EVENTS-2': device('An event is in flash before it is sent.'),
  'EVENTS-3': device('`accepted` is in flash before its bolt moves.'),
  'EVENTS-4': device('Acked events are overwritten only when room is needed.'),
  'EVENTS-5': device('`up/events` holds 1–20 events in rising order.'),
  'EVENTS-6': device('One message is under way; the next goes after its `down/ack`.'),
  'EVENTS-7': device('A message that is not acked is sent again after 10 s, doubling to 120 s.'),
  'EVENTS-8': device('`live` is true when nothing in the message is older than 60 s.'),
  'EVENTS-9': server('What is not `live` is history: recorded, shown, counted for the parcel, never a live alarm.'),
  'EVENTS-10': server('Event n+1 of a journal is applied only after n; what lies beyond a gap is ignored.'),
  'EVENTS-11': server(
    'The last number of every journal is kept for ever; what is recorded is acked again, not applied.',
  ),
  'EVENTS-12': server('`down/ack` with `journal` and `seq` is sent only after the commit of everything up to `seq`.'),
  'EVENTS-13': server('Events of a journal that no status announced are ignored.'),
  'EVENTS-14': server('A gap that `first` says is gone for good is recorded as a loss, and it goes on.'),
  'EVENTS-15': server('The same number with another content is kept as suspect.'),
  'EVENTS-16': server(
    'An event with a readable `seq` is never malformed: what does not fit is recorded as suspect and acked.',
  ),
  'EVENTS-17': server('An event type that is not known is recorded and acked, and is not suspect.'),
  'EVENTS-18': device('With `clock` `none`, `at` is `up`.'),
  'EVENTS-19': server(
    'The `by` of the next `clock-set` of that boot gives what to add to an `at` made without a clock.',
  ),
  'EVENTS-20': device('Sensor events: at most one pair per door in 10 s.'),
  'EVENTS-21': device(
    'No sensor event while the journal is three quarters full of unacked events; `sensors-muted` says so once.',
  ),
  'EVENTS-22': device('With the journal full to its end, it opens nothing by its own list.'),
}
