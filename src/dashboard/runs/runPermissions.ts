import type { RunAnswer } from '../../api/contract/runsContract.ts';
import type { SessionFacts } from '../../api/contract/sessionContract.ts';

export type RunVerb = 'approve' | 'start' | 'pause' | 'resume' | 'overrule' | 'close';

const verbsOf: Readonly<Record<RunAnswer['state'], readonly RunVerb[]>> = {
  DRAFT: ['approve', 'close'],
  APPROVED: ['start', 'close'],
  RUNNING: ['pause'],
  PAUSED: ['resume', 'close'],
  DONE: ['close'],
  CLOSED: [],
};

/** Pure. What a person may do to a run now. The server decides; the page leaves out what it would refuse. */
export function runVerbsFor(
  run: Pick<RunAnswer, 'kind' | 'state' | 'requestedBy' | 'fourEyes' | 'hold'>,
  facts: Pick<SessionFacts, 'permissions' | 'name' | 'source'>,
): readonly RunVerb[] {
  // Only a command starts a rehearsal, in an environment that is for them.
  const verbs = verbsOf[run.state].filter((verb) => verb !== 'start' || run.kind !== 'REHEARSAL');
  const takesAnother = run.fourEyes && run.hold?.code.startsWith('GATE_') === true;
  return verbs
    .map((verb) => (verb === 'resume' && takesAnother ? 'overrule' : verb))
    .filter((verb) =>
      verb === 'approve' || verb === 'overrule'
        ? facts.permissions.includes('approve') && !isOwn(run, facts)
        : facts.permissions.includes('control'),
    );
}

/** Pure. On a machine without tokens nobody can be told apart. */
export function isOwn(
  { requestedBy }: Pick<RunAnswer, 'requestedBy'>,
  { name, source }: Pick<SessionFacts, 'name' | 'source'>,
): boolean {
  return source !== 'loopback' && requestedBy === `person ${name}`;
}
