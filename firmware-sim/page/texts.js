// @ts-check
/** Every word of the page. French first; another language is another entry here. */

/** @typedef {'fr' | 'en'} Language */
/** @typedef {{ result: string, reason?: string, door?: number, forMs?: number, from?: number, until?: number, usedAt?: number }} Answer */

const fr = {
  subtitle: 'Simulateur d’armoire connectée',
  keypad: 'Clavier',
  keypadNumber: n => `Clavier ${n}`,
  exit: 'Sortie',
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
  bank: n => `Armoire, ${n} compartiments`,
  rooms: n => (n > 1 ? `${n} portes` : 'Porte'),
  tally: (open, full) => `${open} ${open > 1 ? 'ouverts' : 'ouvert'} · ${full} ${full > 1 ? 'occupés' : 'occupé'}`,
  door: (n, kind) => (kind === 'room' ? `Porte ${n}` : `Casier ${n}`),
  open: kind => (kind === 'room' ? 'ouverte' : 'ouvert'),
  locked: kind => (kind === 'room' ? 'verrouillée' : 'verrouillé'),
  unlocked: kind => (kind === 'room' ? 'déverrouillée' : 'déverrouillé'),
  full: 'un colis à l’intérieur',
  empty: 'vide',
  jammed: 'pêne bloqué',
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
  clocks: { synced: 'à l’heure', guessed: 'estimée', none: 'inconnue' },
  list: 'Liste des droits',
  listIs: (n, version) => (version === 0 ? 'aucune' : `${n} ${n > 1 ? 'droits' : 'droit'}`),
  config: 'Réglages',
  configIs: version => (version === 0 ? 'd’usine' : `version ${version}`),
  noEvents: 'Rien pour l’instant.',
  opened: (door, kind) => [
    kind === 'room' ? 'Ouvert !' : `Casier ${door} ouvert`,
    kind === 'room' ? 'Poussez la porte.' : 'Refermez bien la porte ensuite.',
  ],
  reasons: {
    unknown: () => ['Code inconnu', 'Vérifiez les huit chiffres et recommencez.'],
    unknownOffline: () => ['Code inconnu', 'Sans réseau, seuls les codes déjà reçus ouvrent.'],
    early: ({ from }) => [
      'Trop tôt',
      from ? `Ce code sera valable à partir du ${from}.` : 'Ce code n’est pas encore valable.',
    ],
    expired: ({ until }) => ['Code périmé', until ? `Il était valable jusqu’au ${until}.` : 'Il n’est plus valable.'],
    used: ({ usedAt }) => ['Déjà utilisé', usedAt ? `Ce code a servi le ${usedAt}.` : 'Ce code a déjà servi.'],
    'no-clock': () => ['Heure inconnue', 'L’armoire n’a pas l’heure. Réessayez dans un instant.'],
    'no-answer': () => ['Pas de réseau', 'Le serveur ne répond pas. Réessayez plus tard.'],
    'door-out-of-service': () => ['Porte hors service', 'Adressez-vous à la conciergerie.'],
    busy: () => ['Un instant', 'Une autre porte est en train de s’ouvrir.'],
    jammed: () => ['Porte coincée', 'Votre code reste valable. Réessayez en poussant la porte.'],
    'journal-full': () => ['Mémoire pleine', 'L’armoire attend le réseau. Réessayez plus tard.'],
    'no-power': () => ['Sans courant', 'L’armoire est arrêtée.'],
  },
  lockedFor: minutes => [
    'Clavier bloqué',
    `Trop d’essais. Réessayez dans ${minutes} ${minutes > 1 ? 'minutes' : 'minute'}. Les badges fonctionnent.`,
  ],
}

/** @type {typeof fr} */
const en = {
  subtitle: 'Connected locker simulator',
  keypad: 'Keypad',
  keypadNumber: n => `Keypad ${n}`,
  exit: 'Exit',
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
  bank: n => `Locker bank, ${n} compartments`,
  rooms: n => (n > 1 ? `${n} doors` : 'Door'),
  tally: (open, full) => `${open} open · ${full} occupied`,
  door: (n, kind) => (kind === 'room' ? `Door ${n}` : `Box ${n}`),
  open: () => 'open',
  locked: () => 'locked',
  unlocked: () => 'unlocked',
  full: 'a parcel inside',
  empty: 'empty',
  jammed: 'bolt stuck',
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
  clocks: { synced: 'on time', guessed: 'guessed', none: 'unknown' },
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
    unknownOffline: () => ['Wrong code', 'Without network only codes received before can open.'],
    early: ({ from }) => ['Too early', from ? `This code starts on ${from}.` : 'This code is not valid yet.'],
    expired: ({ until }) => ['Code expired', until ? `It was valid until ${until}.` : 'It is no longer valid.'],
    used: ({ usedAt }) => ['Already used', usedAt ? `This code was used on ${usedAt}.` : 'This code has been used.'],
    'no-clock': () => ['Time unknown', 'The locker does not know the time. Try again in a moment.'],
    'no-answer': () => ['No network', 'The server does not answer. Please try later.'],
    'door-out-of-service': () => ['Door out of service', 'Please ask the caretaker.'],
    busy: () => ['One moment', 'Another door is opening.'],
    jammed: () => ['Door stuck', 'Your code stays valid. Push the door and try again.'],
    'journal-full': () => ['Memory full', 'The locker is waiting for the network. Please try later.'],
    'no-power': () => ['No power', 'The locker is switched off.'],
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
 * @param {{ language: Language, timeZone: string, online: boolean, kind?: string }} place
 * @returns {[string, string]}
 */
export function sayAnswer(answer, { language, timeZone, online, kind }) {
  const words = texts[language]
  const pair = lines => /** @type {[string, string]} */ (lines)
  if (answer.result === 'open') return pair(words.opened(answer.door, kind))
  if (answer.result === 'locked') return pair(words.lockedFor(Math.max(1, Math.ceil((answer.forMs ?? 0) / 60_000))))
  const moment = ms => (ms ? sayMoment(ms, language, timeZone) : '')
  const why = { from: moment(answer.from), until: moment(answer.until), usedAt: moment(answer.usedAt) }
  const reason = answer.reason === 'unknown' && !online ? 'unknownOffline' : (answer.reason ?? 'unknown')
  return pair((words.reasons[reason] ?? words.reasons.unknown)(why))
}
