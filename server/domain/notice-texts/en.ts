import type { Words } from './text.ts'

const from = (carrier: string | null) => (carrier ? ` from ${carrier}` : '')
const typed = 'Type it on the keypad of the lockers and the box opens. You need no app.'
const stillOpens = 'The code also opens after that day, until the carrier has taken the parcel back.'
const codeLine = (code: string | null) => (code ? [`Your code: ${code}`] : [])
const codeWord = (code: string | null) => (code ? ` Code ${code}.` : '')

export const english: Words = {
  greeting: name => `Hello ${name},`,
  signature: site => `Your conciergerie, ${site}`,
  page: url => `Your parcels, the deadline and your choices: ${url}`,
  place: (bank, door) => (door === null ? 'at the counter of the conciergerie' : `${bank}, box ${door}`),
  again: 'Once more.',
  locale: 'en-GB',
  kinds: {
    arrived: ({ place, carrier, code, day, shortDay }) => ({
      subject: 'A parcel is waiting for you',
      lines: [
        `A parcel${from(carrier)} is waiting for you: ${place}.`,
        ...codeLine(code),
        ...(code ? [typed] : []),
        `You can collect it until the end of ${day}. ${code ? stillOpens : ''}`.trim(),
      ],
      sms: `parcel ${place}.${codeWord(code)} Until the end of ${shortDay}.`,
    }),
    'new-code': ({ place, code, day, shortDay }) => ({
      subject: 'A new code for your parcel',
      lines: [
        `Your parcel (${place}) has a new code. The one you had opens no more.`,
        ...codeLine(code),
        `You can collect it until the end of ${day}.`,
      ],
      sms: `new code for your parcel, ${place}.${codeWord(code)} Until the end of ${shortDay}.`,
    }),
    'two-days-left': ({ place, code, day, shortDay }) => ({
      subject: 'Two days left for your parcel',
      lines: [
        `Your parcel is still waiting: ${place}. Two days are left, until the end of ${day}.`,
        ...codeLine(code),
        'Are you away? You can have more time, free of charge.',
      ],
      sms: `2 days left for your parcel, ${place}.${codeWord(code)} Until the end of ${shortDay}.`,
    }),
    'last-day': ({ place, code, day, shortDay }) => ({
      subject: 'Last day for your parcel',
      lines: [
        `Your parcel is still waiting: ${place}. This is the last day, ${day}, until midnight.`,
        ...codeLine(code),
        stillOpens,
      ],
      sms: `last day (${shortDay}) for your parcel, ${place}.${codeWord(code)}`,
    }),
    overdue: ({ place, code, day }) => ({
      subject: 'Your parcel is overdue',
      lines: [
        `The deadline of your parcel (${place}) was ${day}. The carrier may take it back now.`,
        'While it is there your code still opens.',
        ...codeLine(code),
        'You can also ask for more time, free of charge.',
      ],
      sms: `your parcel is overdue, ${place}. While it is there the code still opens.${codeWord(code)}`,
    }),
    'collected-by-delegate': ({ place }) => ({
      subject: 'Your parcel was collected by the person you chose',
      lines: [
        `Your parcel (${place}) has just been collected with the code of the person you chose.`,
        'Is that not right? Tell the conciergerie.',
      ],
      sms: `your parcel (${place}) was collected by the person you chose.`,
    }),
    contested: ({ place, carrier }) => ({
      subject: 'We are checking a parcel for you',
      lines: [
        `There is a parcel${from(carrier)} for you, but we are not sure what is in the box (${place}).`,
        'The conciergerie will look and tell you. There is nothing for you to do.',
      ],
      sms: `we are checking a parcel for you, ${place}. Nothing to do, we will tell you.`,
    }),
    'sign-in-code': ({ code }) => ({
      subject: 'Your code to sign in',
      lines: [
        ...codeLine(code),
        'It is good for 10 minutes, once. Give it to nobody.',
        'You did not ask for it? Then there is nothing to do.',
      ],
      sms: `code to sign in: ${code}. Good for 10 minutes. Give it to nobody.`,
    }),
  },
}
