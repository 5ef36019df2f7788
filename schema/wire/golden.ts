/** Bytes that must decode for ever: what devices in the field send and understand. Add, never change. */
export const up = {
  'status, first of a connection': [
    'status',
    '{"state":"online","link":"l-7f","boot":"b-19","up":48210,"journal":"j-03","first":17,"last":42,"firmware":"1.4.2","protocol":1,"time":1790000000000,"clock":"synced","grants":1790000000001,"config":4,"doors":[{"door":1,"kind":"compartment","size":"S","height":"low","doorSensor":true,"occupancySensor":false}],"keypads":[{"keypad":1,"doors":[1]}]}',
  ],
  'status, a beat': [
    'status',
    '{"state":"online","link":"l-7f","boot":"b-19","up":108210,"journal":"j-03","first":17,"last":42,"firmware":"1.4.2","protocol":1,"time":1790000060000,"clock":"guessed","grants":0,"config":0}',
  ],
  'status, a page of doors of a device that keeps no list and has no event': [
    'status',
    '{"state":"online","link":"l-7f","boot":"b-19","up":5,"journal":"j-04","first":1,"last":0,"firmware":"2.0.0","protocol":1,"time":0,"clock":"none","grants":-1,"config":0,"doors":[{"door":9,"kind":"room","doorSensor":true,"occupancySensor":false}],"doorsPage":2,"doorsPages":2}',
  ],
  'status, a room that says what its lock does without power': [
    'status',
    '{"state":"online","link":"l-7f","boot":"b-19","up":5,"journal":"j-04","first":1,"last":0,"firmware":"2.0.0","protocol":1,"time":0,"clock":"none","grants":0,"config":0,"doors":[{"door":9,"kind":"room","doorSensor":true,"occupancySensor":false,"withoutPower":"fail-safe"}],"keypads":[{"keypad":1,"doors":[9]}]}',
  ],
  'status, the will': ['status', '{"state":"offline","link":"l-7f","boot":"b-19"}'],
  'events, live': [
    'events',
    '{"journal":"j-03","live":true,"events":[{"seq":18,"at":1790000001000,"clock":"synced","type":"unlocked","door":3,"cause":{"grant":"g-1","order":"0198f0c0-0000-7000-8000-000000000001"}}]}',
  ],
  'events, history with a type nobody knows': [
    'events',
    '{"journal":"j-03","live":false,"events":[{"seq":19,"at":1790000002000,"clock":"synced","type":"warmed-up","celsius":21},{"seq":20}]}',
  ],
  'code, typed': ['code', '{"ask":"a-1","boot":"b-19","up":48900,"keypad":1,"code":"12345678"}'],
  'code, a badge': ['code', '{"ask":"a-2","boot":"b-19","up":48900,"keypad":1,"badge":"04a2b9c1d2e380"}'],
} as const

export const down = {
  welcome: ['welcome', '{"journal":"j-03","seq":40,"time":1790000000100,"up":48210,"beatMs":60000}'],
  ack: ['ack', '{"journal":"j-03","seq":18}'],
  'order, open': [
    'order',
    '{"order":"0198f0c0-0000-7000-8000-000000000001","type":"open","door":3,"grant":"g-1","boot":"b-19","notAfterUp":58900}',
  ],
  'order, the answer to an ask': [
    'order',
    '{"order":"0198f0c0-0000-7000-8000-000000000002","type":"open","door":3,"grant":"g-2","boot":"b-19","notAfterUp":58900,"ask":"a-1"}',
  ],
  'order, a mode': [
    'order',
    '{"order":"0198f0c0-0000-7000-8000-000000000003","type":"mode","mode":"free","forMs":3600000,"door":9,"grant":"g-3","boot":"b-19","notAfterUp":58900}',
  ],
  'order, a refuse': ['order', '{"ask":"a-1","type":"refuse","reason":"used","usedAt":1790000001000}'],
  'order, a refuse that says when': [
    'order',
    '{"ask":"a-1","type":"refuse","reason":"early","from":1790000100000,"until":1790000200000}',
  ],
  'grants, by code and by badge': [
    'grants',
    '{"version":1790000000001,"page":1,"pages":2,"grants":[{"grant":"g-1","door":3,"from":1790000000000,"until":1790600000000,"uses":1,"reopenMs":120000,"check":"00112233445566778899aabbccddeeff","usedAt":1790000001000},{"grant":"g-2","door":4,"from":1790000000000,"until":1790600000000,"uses":0,"badge":"ffeeddccbbaa99887766554433221100"}]}',
  ],
  'grants, a rotating code': [
    'grants',
    '{"version":1790000000001,"page":2,"pages":2,"grants":[{"grant":"g-4","door":1,"from":1790000000000,"until":1790600000000,"uses":0,"totp":{"secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ","digits":8,"period":30}}]}',
  ],
  'grants, none': ['grants', '{"version":1790000000002,"page":1,"pages":1,"grants":[]}'],
  config: [
    'config',
    '{"version":4,"unlockMs":3000,"heldOpenMs":300000,"wrongTries":5,"lockoutMs":300000,"lockoutFactor":2,"lockoutMaxMs":900000,"language":"fr","timeZone":"Europe/Paris","siteName":"Résidence des Érables","quietHours":["22:00","07:00"]}',
  ],
} as const

const stamp = '"seq":18,"at":1790000001000,"clock":"synced"'
const cause = '"cause":{"grant":"g-1"}'

/** One per event type and choice of the contract's table. */
export const events: Record<string, string[]> = {
  started: ['power', 'update', 'watchdog'].map(reason => `{${stamp},"type":"started","reason":"${reason}"}`),
  accepted: [`{${stamp},"type":"accepted","door":3,${cause}}`],
  unlocked: [
    `{${stamp},"type":"unlocked","door":3,${cause}}`,
    `{${stamp},"type":"unlocked","door":3,"cause":{"grant":"g-1","order":"o-1"}}`,
    '{"seq":18,"at":48900,"clock":"none","type":"unlocked","door":3,"cause":{"grant":"g-1"}}',
  ],
  opened: [`{${stamp},"type":"opened","door":3}`],
  closed: [`{${stamp},"type":"closed","door":3}`],
  occupied: [`{${stamp},"type":"occupied","door":3}`],
  vacant: [`{${stamp},"type":"vacant","door":3}`],
  jammed: [`{${stamp},"type":"jammed","door":3,${cause}}`],
  forced: [`{${stamp},"type":"forced","door":3}`],
  'held-open': [`{${stamp},"type":"held-open","door":3}`],
  'exit-requested': [`{${stamp},"type":"exit-requested","door":9}`],
  'code-refused': [
    ...['unknown', 'early', 'expired', 'used', 'no-clock', 'no-answer', 'locked'].map(
      reason => `{${stamp},"type":"code-refused","keypad":1,"reason":"${reason}"}`,
    ),
    `{${stamp},"type":"code-refused","keypad":1,"reason":"used","grant":"g-1"}`,
  ],
  'keypad-locked': [`{${stamp},"type":"keypad-locked","keypad":1,"forMs":300000}`],
  'order-refused': ['late', 'wrong-boot', 'repeated', 'unknown-door', 'busy', 'retained', 'not-asked', 'locked'].map(
    reason => `{${stamp},"type":"order-refused","order":"o-1","reason":"${reason}"}`,
  ),
  'mode-changed': ['normal', 'free', 'locked'].map(
    mode => `{${stamp},"type":"mode-changed","door":9,"mode":"${mode}",${cause}}`,
  ),
  'grants-applied': [`{${stamp},"type":"grants-applied","version":1790000000001}`],
  'config-applied': [`{${stamp},"type":"config-applied","version":4}`],
  'list-too-large': [`{${stamp},"type":"list-too-large","version":1790000000001}`],
  'clock-set': [`{${stamp},"type":"clock-set","by":-86400000}`],
  'sensors-muted': [`{${stamp},"type":"sensors-muted"}`],
  'message-refused': [`{${stamp},"type":"message-refused","topic":"v1/bank-1/down/grants","reason":"not JSON"}`],
  tampered: [`{${stamp},"type":"tampered"}`],
  power: [
    `{${stamp},"type":"power","source":"mains"}`,
    `{${stamp},"type":"power","source":"battery","level":0}`,
    `{${stamp},"type":"power","source":"battery","level":100}`,
  ],
}
