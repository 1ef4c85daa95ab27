import { channelNames } from '../../channels.ts';
import {
  compareWithStatement,
  keepStatement,
  type StatementFacts,
} from '../../db/runs/providerStatements.ts';
import { BillcastError } from '../../errors.ts';
import { demandRun } from './readRuns.ts';
import { readStatement, type StatementFile } from './readStatement.ts';
import { plus } from './report/decimal.ts';
import { type ReportDeps, readReport } from './report/readReport.ts';
import { reportedOf } from './report/runReport.ts';

export interface StatementRequest {
  readonly runId: string;
  /** The provider's name in the settings. */
  readonly provider: string;
  readonly file: StatementFile;
  /** `person <name>` */
  readonly actor: string;
}

export interface ComparedStatement extends StatementFacts {
  readonly run: string;
  readonly provider: string;
  /** The hash of the file, in hex. */
  readonly sha256: string;
  /** The cost of our messages by the prices in the settings; null if there are none. */
  readonly ourCost: string | null;
}

/**
 * Compares a provider's own statement with the messages of a run that, as we know, it accepted. Stores the
 * result with the run.
 * @throws BillcastError RUN_NOT_FOUND; USAGE for an unknown provider, or a file that cannot be used
 */
export async function compareStatement(
  deps: ReportDeps,
  { runId, provider, file, actor }: StatementRequest,
): Promise<ComparedStatement> {
  const run = await demandRun(deps.database, runId);
  const { parts, sha256 } = readStatement(file);
  const facts = await compareWithStatement(deps.database, { run: run.number, provider }, parts);
  if (facts.ours === 0) refuseUnknown(deps, provider);
  const { byProvider } = await readReport(deps, reportedOf(run));
  const costs = byProvider.flatMap((one) =>
    one.provider === provider && one.cost !== null ? [one.cost] : [],
  );
  const ourCost = costs.length === 0 ? null : costs.reduce(plus);
  const kept = {
    provider,
    fileName: file.name,
    sha256: sha256(),
    facts: { ...facts, ourCost },
    addedBy: actor,
  };
  await keepStatement(deps.database, run.number, kept);
  return { run: runId, provider, sha256: kept.sha256, ...facts, ourCost };
}

/**
 * Refuses a provider that accepted nothing of the run and that no channel uses. One that accepted something
 * need not be in the settings any more.
 */
function refuseUnknown({ config }: Pick<ReportDeps, 'config'>, provider: string): void {
  const known = new Set(channelNames.flatMap((channel) => config.providers[channel].map(({ name }) => name)));
  if (known.has(provider)) return;
  throw new BillcastError(
    'USAGE',
    `${provider} accepted nothing of this run, and no channel uses it: ${[...known].join(', ')} are used`,
  );
}
