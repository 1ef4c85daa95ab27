/** The states of a row, and two more that people search for: HELD and WAITING are PENDING too. */
export const searchStates = [
  'HELD',
  'WAITING',
  'PENDING',
  'SENDING',
  'SENT',
  'IN_DOUBT',
  'DELIVERED',
  'FAILED',
  'CANCELLED',
] as const;

export type SearchState = (typeof searchStates)[number];
