/** Rules of the contract that no test shows yet. Take a rule off when a test cites it; add none. */
export const uncited: string[] = ['EVENTS-9', 'GRANTS-26']
