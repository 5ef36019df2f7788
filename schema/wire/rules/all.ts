import type { DownKind, UpKind } from '../topics.ts'
import { codeRules } from './code.ts'
import { configRules } from './config.ts'
import { eventTypeRules } from './event-types.ts'
import { eventsRules } from './events.ts'
import { formRules } from './form.ts'
import { grantsRules } from './grants.ts'
import { linkRules } from './link.ts'
import { orderRules } from './order.ts'
import type { Rules } from './rule.ts'
import { statusRules } from './status.ts'

type Section = { title: string; kinds: readonly (UpKind | DownKind)[]; rules: Rules }

/** Every rule of the contract; `kinds` are the topics it is about, none = all of them. */
export const sections: Record<string, Section> = {
  LINK: { title: 'Identity and link', kinds: [], rules: linkRules },
  FORM: { title: 'Payloads', kinds: [], rules: formRules },
  STATUS: { title: 'Status and welcome', kinds: ['status', 'welcome'], rules: statusRules },
  EVENTS: { title: 'Events and ack', kinds: ['events', 'ack'], rules: eventsRules },
  TYPE: { title: 'What each event says', kinds: ['events'], rules: eventTypeRules },
  ORDER: { title: 'Orders', kinds: ['order'], rules: orderRules },
  CODE: { title: 'Codes, answers, wrong tries', kinds: ['code', 'order'], rules: codeRules },
  GRANTS: { title: 'The list of grants', kinds: ['grants'], rules: grantsRules },
  CONFIG: { title: 'Settings', kinds: ['config'], rules: configRules },
}

export const allRules: Rules = Object.assign({}, ...Object.values(sections).map(section => section.rules))

/** The rules of one topic, or those of all topics. */
export function rulesAbout(kind: UpKind | DownKind | 'all'): Rules {
  const fit = Object.values(sections).filter(({ kinds }) =>
    kind === 'all' ? kinds.length === 0 : kinds.includes(kind as UpKind),
  )
  return Object.assign({}, ...fit.map(section => section.rules))
}
