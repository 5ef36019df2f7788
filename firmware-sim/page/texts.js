// @ts-check
/** Every word of the page. French first; another language is another entry here. */

/** @typedef {'fr' | 'en'} Language */
/** @typedef {{ result: string, reason?: string, door?: number, forMs?: number, from?: number, until?: number, usedAt?: number }} Answer */

/** @param {number} seconds */
const duration = seconds => {
  const all = Math.abs(seconds)
  return all < 60 ? `${all} s` : `${Math.round(all / 60)} min`
}

const fr = {
  subtitle: 'Simulateur de casier connecté',
  keypad: 'Clavier',
  keypadNumber: n => `Clavier ${n}`,
  exit: 'Sortie',
  handle: 'Poignée intérieure',
  badge: 'Badge',
  holdBadge: 'Présenter',
  device: 'Appareil',
  events: 'Derniers événements',
  lost: 'La liaison avec le simulateur est perdue. Nouvel essai…',
  soundOn: 'Son activé',
  soundOff: 'Son coupé',
  type: 'Tapez votre code',
  afterwards: 'puis appuyez sur OK',
  wait: 'Un instant…',
  ok: 'OK',
  erase: 'Effacer',
  noPower: 'Sans courant',
  on: 'en marche',
  off: 'coupé',
  asleep: 'gardé en mémoire',
  bank: n => `Casier, ${n} boîtes`,
  rooms: n => (n > 1 ? `${n} portes` : 'Porte'),
  tally: (open, full) => `${open} ${open > 1 ? 'ouvertes' : 'ouverte'} · ${full} ${full > 1 ? 'occupées' : 'occupée'}`,
  door: (n, kind) => (kind === 'room' ? `Porte ${n}` : `Boîte ${n}`),
  open: () => 'ouverte',
  locked: () => 'verrouillée',
  unlocked: () => 'déverrouillée',
  full: 'un colis à l’intérieur',
  empty: 'vide',
  jammed: 'pêne bloqué',
  modes: { free: 'tenue ouverte', locked: 'fermée à tous les codes' },
  withoutPower: {
    'fail-safe': 'Sans courant, elle se déverrouille.',
    'fail-secure': 'Sans courant, elle reste verrouillée ; la poignée intérieure ouvre toujours.',
  },
  shut: 'Fermer la porte',
  pull: 'Ouvrir la porte',
  force: 'Forcer la porte',
  put: 'Déposer un colis',
  take: 'Retirer le colis',
  jam: 'Bloquer le pêne',
  unjam: 'Débloquer le pêne',
  choose: 'Choisissez une porte pour la manipuler.',
  lockedHint: 'Le pêne est mis : il faut un code, un badge ou un ordre.',
  inside: 'À l’intérieur :',
  power: 'Courant',
  network: 'Réseau',
  phase: { up: 'En ligne', greeting: 'Attend le serveur', down: 'Hors ligne', off: 'Sans courant' },
  journal: 'Journal',
  journalIs: (first, last) => (last < first ? 'vide' : `n° ${first} à ${last}`),
  unacked: n => (n === 0 ? 'tout est transmis' : `${n} à transmettre`),
  clock: 'Horloge',
  setClock: 'Dérégler l’horloge',
  loseClock: 'Perdre l’heure',
  clockHint: 'Le prochain contact avec le serveur la remet à l’heure.',
  clockOff: seconds => (seconds === 0 ? 'à l’heure' : `${duration(seconds)} ${seconds > 0 ? 'd’avance' : 'de retard'}`),
  clocks: { synced: 'reçue du serveur', guessed: 'estimée', none: 'inconnue' },
  list: 'Liste des droits',
  listIs: (n, version) => (version === 0 ? 'aucune' : `${n} ${n > 1 ? 'droits' : 'droit'}`),
  config: 'Réglages',
  configIs: version => (version === 0 ? 'd’usine' : `version ${version}`),
  noEvents: 'Rien pour l’instant.',
  opened: (door, kind) => [
    kind === 'room' ? 'Ouvert !' : `Boîte ${door} ouverte`,
    kind === 'room' ? 'Poussez la porte.' : 'Refermez bien la porte ensuite.',
  ],
  reasons: {
    unknown: () => ['Code inconnu', 'Vérifiez les huit chiffres et recommencez.'],
    unknownOffline: () => [
      'Code inconnu',
      'Vérifiez les huit chiffres. Sans réseau, un code tout neuf n’ouvre pas encore : réessayez plus tard.',
    ],
    early: ({ from }) => [
      'Trop tôt',
      from
        ? `Ce code ouvre à partir du ${from}. Revenez à ce moment-là.`
        : 'Ce code n’ouvre pas encore. Revenez plus tard.',
    ],
    expired: ({ until }) => [
      'Code périmé',
      `${until ? `Il était valable jusqu’au ${until}.` : 'Il n’est plus valable.'} La conciergerie peut vous aider.`,
    ],
    used: ({ usedAt }) => [
      'Déjà utilisé',
      `Ce code a ${usedAt ? `servi le ${usedAt}` : 'déjà servi'}. Ce n’était pas vous ? Prévenez la conciergerie.`,
    ],
    'no-clock': () => ['Heure inconnue', 'Ce clavier n’a pas encore l’heure. Réessayez dans un instant.'],
    'no-answer': () => ['Pas de réseau', 'Réessayez dans une minute, ou demandez à la conciergerie.'],
    'door-out-of-service': () => ['Porte hors service', 'Adressez-vous à la conciergerie.'],
    busy: () => ['Un instant', 'Une autre porte s’ouvre. Attendez un peu, puis retapez votre code.'],
    jammed: () => ['Porte coincée', 'Votre code reste valable. Réessayez en poussant la porte.'],
    'journal-full': () => [
      'Pas maintenant',
      'Le casier attend le réseau. Votre code reste valable : revenez plus tard.',
    ],
    'no-power': () => ['Sans courant', 'Le casier est arrêté. Demandez à la conciergerie.'],
  },
  badgeReasons: {
    unknown: () => ['Badge inconnu', 'Ce badge n’ouvre rien ici. Demandez à la conciergerie.'],
    early: ({ from }) => [
      'Trop tôt',
      from ? `Votre badge ouvre à partir du ${from}. Revenez à ce moment-là.` : 'Pas encore. Revenez plus tard.',
    ],
    expired: ({ until }) => [
      'Badge périmé',
      `${until ? `Il ouvrait jusqu’au ${until}.` : 'Il n’ouvre plus ici.'} La conciergerie peut vous aider.`,
    ],
    used: ({ usedAt }) => [
      'Déjà utilisé',
      `Ce badge a ${usedAt ? `servi le ${usedAt}` : 'déjà servi'}. Ce n’était pas vous ? Prévenez la conciergerie.`,
    ],
    busy: () => ['Un instant', 'Une autre porte s’ouvre. Attendez, puis réessayez avec votre badge.'],
    jammed: () => ['Porte coincée', 'Votre badge ouvre toujours. Réessayez en poussant la porte.'],
    'journal-full': () => [
      'Pas maintenant',
      'Le casier attend le réseau. Votre badge reste valable : revenez plus tard.',
    ],
  },
  lockedFor: minutes => [
    'Clavier bloqué',
    `Trop d’essais. Réessayez dans ${minutes} ${minutes > 1 ? 'minutes' : 'minute'}. Les badges ouvrent toujours.`,
  ],
}

/** @type {typeof fr} */
const en = {
  subtitle: 'Connected locker simulator',
  keypad: 'Keypad',
  keypadNumber: n => `Keypad ${n}`,
  exit: 'Exit',
  handle: 'Inside handle',
  badge: 'Badge',
  holdBadge: 'Hold up',
  device: 'Device',
  events: 'Latest events',
  lost: 'The link to the simulator is lost. Trying again…',
  soundOn: 'Sound on',
  soundOff: 'Sound off',
  type: 'Type your code',
  afterwards: 'then press OK',
  wait: 'One moment…',
  ok: 'OK',
  erase: 'Erase',
  noPower: 'No power',
  on: 'on',
  off: 'off',
  asleep: 'kept in memory',
  bank: n => `Locker bank, ${n} boxes`,
  rooms: n => (n > 1 ? `${n} doors` : 'Door'),
  tally: (open, full) => `${open} open · ${full} occupied`,
  door: (n, kind) => (kind === 'room' ? `Door ${n}` : `Box ${n}`),
  open: () => 'open',
  locked: () => 'locked',
  unlocked: () => 'unlocked',
  full: 'a parcel inside',
  empty: 'empty',
  jammed: 'bolt stuck',
  modes: { free: 'held open', locked: 'shut to every code' },
  withoutPower: {
    'fail-safe': 'Without power it unlocks.',
    'fail-secure': 'Without power it stays locked; the handle inside always opens.',
  },
  shut: 'Shut the door',
  pull: 'Open the door',
  force: 'Force the door',
  put: 'Put a parcel in',
  take: 'Take the parcel',
  jam: 'Block the bolt',
  unjam: 'Free the bolt',
  choose: 'Choose a door to use it.',
  lockedHint: 'Locked: it takes a code, a badge or an order.',
  inside: 'From inside:',
  power: 'Power',
  network: 'Network',
  phase: { up: 'Online', greeting: 'Waiting for the server', down: 'Offline', off: 'No power' },
  journal: 'Journal',
  journalIs: (first, last) => (last < first ? 'empty' : `no. ${first} to ${last}`),
  unacked: n => (n === 0 ? 'all delivered' : `${n} to deliver`),
  clock: 'Clock',
  setClock: 'Put the clock wrong',
  loseClock: 'Lose the time',
  clockHint: 'The next contact with the server sets it right.',
  clockOff: seconds => (seconds === 0 ? 'on time' : `${duration(seconds)} ${seconds > 0 ? 'ahead' : 'behind'}`),
  clocks: { synced: 'told by the server', guessed: 'guessed', none: 'unknown' },
  list: 'Grants list',
  listIs: (n, version) => (version === 0 ? 'none' : `${n} ${n > 1 ? 'grants' : 'grant'}`),
  config: 'Settings',
  configIs: version => (version === 0 ? 'as built' : `version ${version}`),
  noEvents: 'Nothing yet.',
  opened: (door, kind) => [
    kind === 'room' ? 'Open!' : `Box ${door} is open`,
    kind === 'room' ? 'Push the door.' : 'Please shut the door afterwards.',
  ],
  reasons: {
    unknown: () => ['Wrong code', 'Check the eight digits and try again.'],
    unknownOffline: () => [
      'Wrong code',
      'Check the eight digits. Without network a brand-new code does not open yet: try later.',
    ],
    early: ({ from }) => [
      'Too early',
      from ? `This code opens from ${from}. Please come back then.` : 'This code does not open yet. Please come later.',
    ],
    expired: ({ until }) => [
      'Code expired',
      `It ${until ? `was valid until ${until}` : 'is no longer valid'}. The caretaker can help you.`,
    ],
    used: ({ usedAt }) => [
      'Already used',
      `This code ${usedAt ? `was used on ${usedAt}` : 'has been used'}. Not by you? Please tell the caretaker.`,
    ],
    'no-clock': () => ['Time unknown', 'This keypad does not know the time yet. Try again in a moment.'],
    'no-answer': () => ['No network', 'Try again in a minute, or ask the caretaker.'],
    'door-out-of-service': () => ['Door out of service', 'Please ask the caretaker.'],
    busy: () => ['One moment', 'Another door is opening. Wait a little, then type your code again.'],
    jammed: () => ['Door stuck', 'Your code stays valid. Push the door and try again.'],
    'journal-full': () => [
      'Not now',
      'The lockers are waiting for the network. Your code stays valid: come back later.',
    ],
    'no-power': () => ['No power', 'The lockers are switched off. Please ask the caretaker.'],
  },
  badgeReasons: {
    unknown: () => ['Unknown badge', 'This badge opens nothing here. Please ask the caretaker.'],
    early: ({ from }) => [
      'Too early',
      from ? `Your badge opens from ${from}. Please come back then.` : 'Not yet. Please come back later.',
    ],
    expired: ({ until }) => [
      'Badge expired',
      `It ${until ? `opened until ${until}` : 'opens nothing here any more'}. The caretaker can help you.`,
    ],
    used: ({ usedAt }) => [
      'Already used',
      `This badge ${usedAt ? `was used on ${usedAt}` : 'has been used'}. Not by you? Please tell the caretaker.`,
    ],
    busy: () => ['One moment', 'Another door is opening. Wait a little, then try your badge again.'],
    jammed: () => ['Door stuck', 'Your badge still opens it. Push the door and try again.'],
    'journal-full': () => [
      'Not now',
      'The lockers are waiting for the network. Your badge stays valid: come back later.',
    ],
  },
  lockedFor: minutes => [
    'Keypad locked',
    `Too many tries. Try again in ${minutes} ${minutes > 1 ? 'minutes' : 'minute'}. Badges still work.`,
  ],
}

export const texts = { fr, en }

/**
 * A moment as a person says it, in the time zone of the site.
 * @param {number} ms @param {Language} language @param {string} timeZone
 */
export function sayMoment(ms, language, timeZone) {
  const form = { day: 'numeric', month: 'long', timeZone }
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB'
  const day = new Intl.DateTimeFormat(locale, /** @type {Intl.DateTimeFormatOptions} */ (form)).format(ms)
  const time = sayTime(ms, language, timeZone)
  return language === 'fr' ? `${day} à ${time}` : `${day} at ${time}`
}

/** @param {number} ms @param {Language} language @param {string} timeZone */
export function sayTime(ms, language, timeZone) {
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB'
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone }).format(ms)
}

/**
 * What the display says to an answer of the device: one large line and one that explains.
 * @param {Answer} answer
 * @param {{ language: Language, timeZone: string, online: boolean, kind?: string, badge?: boolean }} place
 * @returns {[string, string]}
 */
export function sayAnswer(answer, { language, timeZone, online, kind, badge }) {
  const words = texts[language]
  const pair = lines => /** @type {[string, string]} */ (lines)
  if (answer.result === 'open') return pair(words.opened(answer.door, kind))
  if (answer.result === 'locked') return pair(words.lockedFor(Math.max(1, Math.ceil((answer.forMs ?? 0) / 60_000))))
  const moment = ms => (ms ? sayMoment(ms, language, timeZone) : '')
  const why = { from: moment(answer.from), until: moment(answer.until), usedAt: moment(answer.usedAt) }
  const given = answer.reason ?? 'unknown'
  const reason = given === 'unknown' && !online ? 'unknownOffline' : given
  const say = (badge && words.badgeReasons[given]) || words.reasons[reason] || words.reasons.unknown
  return pair(say(why))
}
