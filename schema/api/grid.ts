/** Bookings start and end on the quarter of an hour. */
export const gridMs = 15 * 60_000
