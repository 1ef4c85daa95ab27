import { findOtherTemplates } from '../../db/runs/otherTemplates.ts';
import { countSelected } from '../../db/runs/proposalCounts.ts';
import { approveRunRow, startRunRow } from '../../db/runs/runChanges.ts';
import type { Run } from '../../db/runs/runRows.ts';
import { expectSms } from '../../db/smsExpectation.ts';
import { BillcastError } from '../../errors.ts';
import { shortVersion } from '../../render/template/templateVersion.ts';
import { planHash } from '../../runs/planHash.ts';
import { judgeProposal, whatChanged } from '../../runs/proposal.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { refuseInSafeMode } from '../testSends/refuseInSafeMode.ts';
import { refuseOneself, takesFourEyes } from './fourEyes.ts';
import { readHostTemplates } from './planTemplates.ts';
import { amountOptions, plannedSelection } from './proposeRun.ts';
import { demandRun, demandVerb, movedOn } from './readRuns.ts';
import type { RunActor } from './runActor.ts';

type Deps = Pick<OperationDeps, 'config' | 'database'>;

export interface ApproveRunRequest {
  readonly id: string;
  /** The hash of the plan that the person has seen. */
  readonly seenHash: string;
  readonly actor: RunActor;
}

/**
 * Approves exactly the plan that was seen. With FOUR_EYES the approver must have a token and be another
 * person than the one who asked. With FOUR_EYES_NAMED that person must have had a token too. Nobody with a
 * token approves their own run.
 * @throws BillcastError RUN_NOT_FOUND, RUN_MOVED_ON, RUN_CHANGED, APPROVAL_NEEDED, OWN_RUN
 */
export async function approveRun(deps: Deps, { id, seenHash, actor }: ApproveRunRequest): Promise<Run> {
  const { config, database } = deps;
  const run = await demandRun(database, id);
  if (run.state === 'APPROVED' && run.approvedBy === actor.name && run.planHash === seenHash) return run;
  demandVerb('approve', run);
  const fourEyes = run.fourEyes || (await takesFourEyes(deps));
  if (fourEyes || actor.isNamed) refuseOneself(actor, approvalOf(run));
  const bothNamed = fourEyes && config.fourEyesNamed;
  if (bothNamed && !run.requestedNamed) {
    throw new BillcastError(
      'APPROVAL_NEEDED',
      `run ${id} was asked for on a host, which does not prove that ${run.requestedBy} is another person: ` +
        'let somebody ask for it by an API token (run change with BILLCAST_TOKEN or --token-file)',
    );
  }
  const seen = { number: run.number, seenHash, actor: actor.name, facts: { planHash: seenHash } };
  if (!(await approveRunRow(database, seen, { fourEyes, bothNamed }))) {
    throw await movedOn(database, { verb: 'approve', id, seenHash });
  }
  return demandRun(database, id);
}

function approvalOf({ id, requestedBy }: Run) {
  return { what: `run ${id}`, requestedBy, done: 'approved', command: 'run approve' };
}

/**
 * Starts an approved run, if everything is as approved: the templates of the dispatchers and of this host,
 * and the bills. Then the run keeper of the dispatchers releases it.
 * @throws BillcastError RUN_NOT_FOUND, RUN_MOVED_ON, RUN_CHANGED, APPROVAL_NEEDED, NOT_AS_APPROVED; USAGE for
 * a rehearsal and in the safe mode
 */
export async function startRun(
  deps: Deps,
  { id, actor }: { readonly id: string; readonly actor: RunActor },
): Promise<Run> {
  const { config, database } = deps;
  const run = await demandRun(database, id);
  if (run.state === 'RUNNING' && run.kind === 'PLANNED' && run.startedBy === actor.name) return run;
  demandVerb('start', run);
  if (run.kind === 'REHEARSAL') {
    throw new BillcastError('USAGE', `run ${id} is a rehearsal: \`npx billcast run rehearse ${id}\` does it`);
  }
  refuseInSafeMode(config, 'Starting a run');
  const fourEyes = await takesFourEyes(deps);
  if (fourEyes && !run.fourEyes) {
    throw new BillcastError(
      'APPROVAL_NEEDED',
      `run ${id} was planned without FOUR_EYES: \`npx billcast run change ${id}\`, and have another person approve it`,
    );
  }
  refuseForgery(run);
  await refuseOtherTemplates(deps, run);
  const gone = await refuseOtherBills(deps, run);
  await expectOfMonth(deps, run);
  const seen = { number: run.number, seenHash: run.planHash, actor: actor.name, facts: { gone } };
  const way = { phase: run.plan.canary === null ? 'REST' : 'CANARY', fourEyes } as const;
  if (!(await startRunRow(database, seen, way))) {
    throw await movedOn(database, { verb: 'start', id, seenHash: run.planHash });
  }
  return demandRun(database, id);
}

/** Refuses a plan whose hash does not match: somebody changed the table by hand. */
function refuseForgery({ id, plan, proposal, planHash: approved }: Run): void {
  if (proposal !== null && planHash(plan, proposal) === approved) return;
  throw new BillcastError(
    'NOT_AS_APPROVED',
    `the plan of run ${id} in the database is not the one that was approved: somebody changed it by hand. ` +
      `\`npx billcast run change ${id}\`, and have it approved again`,
  );
}

async function refuseOtherTemplates({ config, database }: Deps, { id, plan }: Run): Promise<void> {
  const { hashes } = await readHostTemplates(config);
  const { name } = config.templates;
  const here = [...new Set([...Object.keys(hashes), ...Object.keys(plan.templates)])]
    .filter((one) => hashes[one] !== plan.templates[one])
    .map((one) => `${one} of this host`);
  const version = plan.templates[name] ?? '';
  const there = await findOtherTemplates(database, { version, claimTtlMs: config.claimTtlMs });
  const elsewhere = there.map((other) =>
    other.version === null
      ? `that of dispatcher ${other.dispatcher}, which does not say its version`
      : `that of dispatcher ${other.dispatcher} (${shortVersion(other.version)})`,
  );
  const differing = [...here, ...elsewhere];
  if (differing.length === 0) return;
  throw new BillcastError(
    'NOT_AS_APPROVED',
    `run ${id} was approved with template ${name} ${shortVersion(version)}, and these are others: ` +
      `${differing.join('; ')}. Put the approved files back and restart the dispatchers, or ` +
      `\`npx billcast run change ${id}\` and have it approved again`,
  );
}

/** @returns how many of the approved bills are gone: another run has them, or they were cancelled */
async function refuseOtherBills({ config, database }: Deps, { id, plan, proposal }: Run): Promise<number> {
  if (proposal === null) {
    throw new BillcastError('NOT_AS_APPROVED', `nobody has counted the bills of run ${id}`);
  }
  const now = await countSelected(database, plannedSelection(plan.selection), {
    asOf: proposal.asOf,
    ...amountOptions(config),
  });
  const verdict = judgeProposal(proposal, now);
  const changed = whatChanged(proposal, verdict);
  if (changed !== undefined) throw notAsApproved(id, changed);
  return verdict.kind === 'fewer' ? verdict.gone : 0;
}

function notAsApproved(id: string, what: string): BillcastError {
  return new BillcastError(
    'NOT_AS_APPROVED',
    `the bills of run ${id} are not those that were approved: ${what}. ` +
      `\`npx billcast run change ${id}\` counts them again; then have it approved`,
  );
}

/** Tells the month's brake which share of its bills may turn. */
async function expectOfMonth({ database }: Deps, { plan: { selection, expectNext } }: Run): Promise<void> {
  if (!('month' in selection)) return;
  await expectSms(database, { month: `${selection.month}-01`, share: expectNext ?? undefined });
}
