import type { SendAnswer } from '../../providers/provider.ts';

/**
 * The outcome of a bill, as the brake counts it. `turned`: an e-mail turned to SMS because there is no usable
 * address. `limited`: the provider asks for fewer at a time, which sets the pace and is no fault.
 */
export const outcomes = [
  'accepted',
  'refused',
  'unknown',
  'unreachable',
  'settings',
  'turned',
  'limited',
] as const;

export type Outcome = (typeof outcomes)[number];

export type OutcomeCounts = Readonly<Record<Outcome, number>>;

export const noOutcomes: OutcomeCounts = {
  accepted: 0,
  refused: 0,
  unknown: 0,
  unreachable: 0,
  settings: 0,
  turned: 0,
  limited: 0,
};

/** Undefined if the answer says nothing about the provider: our own start deadline had passed. */
export function outcomeOf(answer: SendAnswer): Outcome | undefined {
  switch (answer.kind) {
    case 'accepted':
    case 'refused':
    case 'unknown':
      return answer.kind;
    case 'misconfigured':
      return 'settings';
    case 'notSent':
      if (answer.trouble === undefined) return undefined;
      return answer.trouble === 'pace' ? 'limited' : 'unreachable';
    default:
      return answer satisfies never;
  }
}

export function addCounts(a: OutcomeCounts, b: OutcomeCounts): OutcomeCounts {
  return {
    accepted: a.accepted + b.accepted,
    refused: a.refused + b.refused,
    unknown: a.unknown + b.unknown,
    unreachable: a.unreachable + b.unreachable,
    settings: a.settings + b.settings,
    turned: a.turned + b.turned,
    limited: a.limited + b.limited,
  };
}
