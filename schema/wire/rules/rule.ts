/** Whom a rule binds. */
export type Side = 'device' | 'server' | 'both'
export type Rule = { side: Side; text: string }
/** By id, `SECTION-number`. An id is never given another meaning: a rule that goes leaves a gap, a new one gets the next number. */
export type Rules = Record<string, Rule>

export const device = (text: string): Rule => ({ side: 'device', text })
export const server = (text: string): Rule => ({ side: 'server', text })
export const both = (text: string): Rule => ({ side: 'both', text })
