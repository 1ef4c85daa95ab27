/** The states of a row as people ask for them: of what is PENDING, HELD and WAITING are told apart. */
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
