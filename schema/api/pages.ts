/** Pages of the one application, each with an address of its own: the server answers all of them with it. */
export const pagePaths = [
  '/setup',
  '/me',
  '/counter',
  '/rooms',
  '/residents',
  '/controllers',
  '/settings',
  '/history',
  '/statistics',
  '/parcel',
  '/verify',
  '/account',
  '/accounts',
  '/courier',
  '/receipt/:number',
  '/bank/:id',
] as const
