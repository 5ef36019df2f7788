import type { Words } from './text.ts'

const from = (carrier: string | null) => (carrier ? ` remis par ${carrier}` : '')
const typed = 'Tapez-le au clavier du casier, la boîte s’ouvre. Aucune application n’est nécessaire.'
const stillOpens = 'Le code ouvre aussi après cette date, tant que le transporteur n’a pas repris le colis.'
const codeLine = (code: string | null) => (code ? [`Votre code : ${code}`] : [])
const codeWord = (code: string | null) => (code ? ` Code ${code}.` : '')

export const french: Words = {
  greeting: name => `Bonjour ${name},`,
  signature: site => `Votre conciergerie, ${site}`,
  page: url => `Vos colis, le délai et vos choix : ${url}`,
  place: (bank, door) => (door === null ? 'au comptoir de la conciergerie' : `${bank}, boîte ${door}`),
  again: 'Je répète.',
  locale: 'fr-FR',
  kinds: {
    arrived: ({ place, carrier, code, day, shortDay }) => ({
      subject: 'Un colis vous attend',
      lines: [
        `Un colis${from(carrier)} vous attend : ${place}.`,
        ...codeLine(code),
        ...(code ? [typed] : []),
        `Vous pouvez le retirer jusqu’au ${day} inclus. ${code ? stillOpens : ''}`.trim(),
      ],
      sms: `colis ${place}.${codeWord(code)} Jusqu'au ${shortDay} inclus.`,
    }),
    'new-code': ({ place, code, day, shortDay }) => ({
      subject: 'Un nouveau code pour votre colis',
      lines: [
        `Votre colis (${place}) a un nouveau code. L’ancien n’ouvre plus.`,
        ...codeLine(code),
        `Vous pouvez le retirer jusqu’au ${day} inclus.`,
      ],
      sms: `nouveau code pour votre colis, ${place}.${codeWord(code)} Jusqu'au ${shortDay} inclus.`,
    }),
    'two-days-left': ({ place, code, day, shortDay }) => ({
      subject: 'Encore deux jours pour votre colis',
      lines: [
        `Votre colis vous attend toujours : ${place}. Il reste deux jours, jusqu’au ${day} inclus.`,
        ...codeLine(code),
        'Vous êtes absent ? Vous pouvez prolonger le délai, gratuitement.',
      ],
      sms: `encore 2 jours pour votre colis, ${place}.${codeWord(code)} Jusqu'au ${shortDay} inclus.`,
    }),
    'last-day': ({ place, code, day, shortDay }) => ({
      subject: 'Dernier jour pour votre colis',
      lines: [
        `Votre colis vous attend toujours : ${place}. C’est le dernier jour, ${day}, jusqu’à minuit.`,
        ...codeLine(code),
        stillOpens,
      ],
      sms: `dernier jour (${shortDay}) pour votre colis, ${place}.${codeWord(code)}`,
    }),
    overdue: ({ place, code, day }) => ({
      subject: 'Le délai de votre colis est passé',
      lines: [
        `Le délai de votre colis (${place}) est passé depuis le ${day}. Le transporteur peut maintenant le reprendre.`,
        'Tant qu’il est là, votre code l’ouvre encore.',
        ...codeLine(code),
        'Vous pouvez aussi demander un délai de plus, gratuitement.',
      ],
      sms: `le délai de votre colis est passé, ${place}. Tant qu'il est là le code ouvre encore.${codeWord(code)}`,
    }),
    'collected-by-delegate': ({ place }) => ({
      subject: 'Votre colis a été retiré par la personne de votre choix',
      lines: [
        `Votre colis (${place}) vient d’être retiré avec le code de la personne que vous avez désignée.`,
        'Ce n’est pas normal ? Prévenez la conciergerie.',
      ],
      sms: `votre colis (${place}) a été retiré par la personne que vous avez désignée.`,
    }),
    contested: ({ place, carrier }) => ({
      subject: 'Nous vérifions un colis pour vous',
      lines: [
        `Un colis${from(carrier)} vous est destiné, mais nous ne sommes pas sûrs de ce que contient la boîte (${place}).`,
        'La conciergerie va regarder et vous prévient. Vous n’avez rien à faire.',
      ],
      sms: `nous vérifions un colis pour vous, ${place}. Rien à faire, nous vous prévenons.`,
    }),
    'sign-in-code': ({ code }) => ({
      subject: 'Votre code de connexion',
      lines: [
        ...codeLine(code),
        'Il est valable 10 minutes, une seule fois. Ne le donnez à personne.',
        'Vous ne l’avez pas demandé ? Vous n’avez rien à faire.',
      ],
      sms: `code de connexion : ${code}. Valable 10 minutes. Ne le donnez à personne.`,
    }),
  },
}
