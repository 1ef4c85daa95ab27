import type { RunAnswer } from '../../api/contract/runsContract.ts';
import type { SessionFacts } from '../../api/contract/sessionContract.ts';

export type RunVerb = 'approve' | 'start' | 'rehearse' | 'pause' | 'resume' | 'overrule' | 'sign' | 'close';

const verbsOf: Readonly<Record<RunAnswer['state'], readonly RunVerb[]>> = {
  DRAFT: ['approve', 'close'],
  APPROVED: ['start', 'close'],
  RUNNING: ['pause'],
  PAUSED: ['resume', 'close'],
  DONE: ['sign', 'close'],
  CLOSED: [],
};

/** Pure: what a person may do to a run now. The server decides; the page leaves out what it would refuse. */
export function runVerbsFor(
  run: Pick<RunAnswer, 'kind' | 'state' | 'requestedBy' | 'fourEyes' | 'hold'>,
  facts: Pick<SessionFacts, 'permissions' | 'name' | 'source'>,
): readonly RunVerb[] {
  const takesAnother = run.fourEyes && run.hold?.code.startsWith('GATE_') === true;
  const verbs = run.kind === 'REHEARSAL' ? verbsOfRehearsal(run) : verbsOf[run.state];
  return verbs
    .map((verb) => (verb === 'resume' && takesAnother ? 'overrule' : verb))
    .filter((verb) => mayDo(verb, run, facts));
}

/**
 * To rehearse is to approve and start at once, unless the approval must come from another person. A rehearsal
 * has no report.
 */
function verbsOfRehearsal({ state, fourEyes }: Pick<RunAnswer, 'state' | 'fourEyes'>): readonly RunVerb[] {
  switch (state) {
    case 'DRAFT':
      return fourEyes ? ['approve', 'close'] : ['rehearse', 'close'];
    case 'APPROVED':
    case 'PAUSED':
      return ['rehearse', 'close'];
    case 'RUNNING':
      return ['pause'];
    case 'DONE':
      return ['close'];
    case 'CLOSED':
      return [];
    default:
      return state satisfies never;
  }
}

function mayDo(
  verb: RunVerb,
  run: Pick<RunAnswer, 'requestedBy' | 'fourEyes'>,
  facts: Pick<SessionFacts, 'permissions' | 'name' | 'source'>,
): boolean {
  switch (verb) {
    case 'approve':
    case 'overrule':
      return facts.permissions.includes('approve') && !isOwn(run, facts);
    case 'sign':
      return facts.permissions.includes('approve') && !(run.fourEyes && isOwn(run, facts));
    case 'start':
    case 'rehearse':
    case 'pause':
    case 'resume':
    case 'close':
      return facts.permissions.includes('control');
    default:
      return verb satisfies never;
  }
}

/** Pure: whether the reader is the person who asked. Without tokens nobody can tell people apart. */
export function isOwn(
  { requestedBy }: Pick<RunAnswer, 'requestedBy'>,
  { name, source }: Pick<SessionFacts, 'name' | 'source'>,
): boolean {
  return source !== 'loopback' && requestedBy === `person ${name}`;
}
