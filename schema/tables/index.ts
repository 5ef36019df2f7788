export * from './audits.ts'
export * from './doors.ts'
export * from './parcels.ts'
export * from './sites.ts'
