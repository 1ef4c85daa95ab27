export const runStates = ['DRAFT', 'APPROVED', 'RUNNING', 'PAUSED', 'DONE', 'CLOSED'] as const;
export type RunState = (typeof runStates)[number];

/** ELSEWHERE is run 0: bills whose events other systems wrote. */
export const runKinds = ['PLANNED', 'PUBLISHED', 'REHEARSAL', 'ELSEWHERE'] as const;
export type RunKind = (typeof runKinds)[number];

/**
 * CANARY: the first bills are being released. GATE: their results are awaited. REST: the others are released.
 */
export const runPhases = ['CANARY', 'GATE', 'REST'] as const;
export type RunPhase = (typeof runPhases)[number];

/** What people can do to a run, and in which states. */
export const runVerbs = {
  change: ['DRAFT', 'APPROVED'],
  approve: ['DRAFT'],
  start: ['APPROVED'],
  pause: ['RUNNING'],
  resume: ['PAUSED'],
  close: ['DRAFT', 'APPROVED', 'PAUSED', 'DONE'],
} as const satisfies Readonly<Record<string, readonly RunState[]>>;

export type RunVerb = keyof typeof runVerbs;

/** Why this cannot be done to a run in this state, and what can be done instead. */
export function whyNot(verb: RunVerb, state: RunState): string {
  const may = Object.entries(runVerbs).flatMap(([other, states]) =>
    (states as readonly RunState[]).includes(state) ? [other] : [],
  );
  const instead =
    may.length === 0 ? 'nothing of it changes any more' : `now it can be ${may.map(pastOf).join(', ')}`;
  return `it is ${state}, so it cannot be ${pastOf(verb)}: ${instead}`;
}

function pastOf(verb: string): string {
  const words: Readonly<Record<string, string>> = { approve: 'approved', change: 'changed', close: 'closed' };
  return words[verb] ?? (verb === 'pause' || verb === 'resume' ? `${verb}d` : `${verb}ed`);
}

/**
 * The hold of a run that a person has paused. The run keeper has codes of its own: a gate, a brake, a changed
 * template.
 */
export const heldByPerson = 'PERSON';
