import type { BillId, ClaimToken } from '../../bill.ts';
import type { Config } from '../../config/loadConfig.ts';
import { readDatabaseTime } from '../../db/databaseTime.ts';
import { findBill } from '../../db/reads/findBill.ts';
import { readSentAttempts, type SentAttempt } from '../../db/reads/sentAttempts.ts';
import { BillcastError } from '../../errors.ts';
import { readTemplates } from '../../pool/readTemplates.ts';
import { languageVersions } from '../../render/template/templateVersion.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { loadBillText } from '../preview.ts';
import { showTheirIds } from '../theirIds.ts';
import { compareContent } from './compareContent.ts';
import { type Includer, openIncluder } from './findInclusion.ts';
import type { AttemptProof, BillProof, PrintedWith } from './proof.ts';

export interface ProofRequest {
  readonly billId: BillId;
  /** Only the message with this claim token. */
  readonly attempt?: ClaimToken | undefined;
  /** Only messages of this cycle. */
  readonly cycle?: number | undefined;
  /** Also finds the place of each message in the manifest of its run, which reads the whole run. */
  readonly withInclusion?: boolean | undefined;
}

/**
 * Compares what a bill's messages said with what the bill says now. The answer contains nothing of the bill.
 * @returns no attempts if no message of it can have reached a provider
 * @throws BillcastError USAGE for an unknown bill, or if it has messages, but not the one asked for
 */
export async function proveBill(
  deps: Pick<OperationDeps, 'config' | 'database'>,
  { billId, attempt, cycle, withInclusion = false }: ProofRequest,
): Promise<BillProof> {
  const { config, database } = deps;
  const bill = await findBill(database, billId);
  if (bill === undefined) throw new BillcastError('USAGE', goneOrUnknown(billId));
  const text = await loadBillText(deps, billId);
  const all = await readSentAttempts(database, billId);
  const asked = all.filter(
    (one) => (attempt === undefined || one.token === attempt) && (cycle === undefined || one.cycle === cycle),
  );
  if (asked.length === 0 && all.length > 0) {
    const shown = await showTheirIds(deps, { billId });
    throw new BillcastError('USAGE', noSuch(shown.billId, all));
  }
  const ofToday = await versionsOfToday(config);
  const includer = withInclusion ? await openIncluder(database, billId) : undefined;
  const attempts: AttemptProof[] = [];
  for (const one of asked) {
    attempts.push(await proofOf(one, { config, text, ofToday, includer }));
  }
  const judged = attempts.findLast(({ accepted }) => accepted) ?? attempts.at(-1);
  return { billId, asOf: await readDatabaseTime(database), proved: judged?.result === 'proved', attempts };
}

function goneOrUnknown(billId: BillId): string {
  return (
    `there is no bill ${billId}, or its month was purged: then only a file that was taken before by --inclusion --json ` +
    'can be checked, with billcast prove --check'
  );
}

function noSuch(billId: BillId, all: readonly SentAttempt[]): string {
  const known = all.map(({ token, cycle, channel }) => `${token} (cycle ${cycle}, ${channel})`).join(', ');
  return `bill ${billId} has no such message: ${known}`;
}

interface Surroundings {
  readonly config: Config;
  readonly text: string;
  readonly ofToday: ReadonlySet<string> | undefined;
  readonly includer: Includer | undefined;
}

async function proofOf(
  attempt: SentAttempt,
  { config, text, ofToday, includer }: Surroundings,
): Promise<AttemptProof> {
  const { token, cycle, channel, isAccepted, at, providerId, contentHash } = attempt;
  const verdict = await compareContent(config, attempt, text);
  return {
    attempt: token,
    cycle,
    channel,
    accepted: isAccepted,
    at,
    providerId,
    contentHash: contentHash?.toString('hex') ?? null,
    printedWith: printedWith(attempt, ofToday),
    result: verdict.kind,
    differs: verdict.kind === 'differs' ? verdict.differs : [],
    why: verdict.why,
    ...(await includer?.(token)),
  };
}

function printedWith(
  { edition, template }: SentAttempt,
  ofToday: ReadonlySet<string> | undefined,
): PrintedWith | null {
  if (edition === null) return null;
  const { template: version, language, program, timeZone, currency, keyId } = edition;
  const isTemplateOfToday = ofToday === undefined ? null : ofToday.has(version);
  return {
    template: version,
    templateName: template?.name ?? null,
    language,
    isTemplateOfToday,
    program,
    timeZone,
    currency,
    keyId,
  };
}

/**
 * The versions of the present template files; undefined if they cannot be read. The proof works without them.
 */
async function versionsOfToday({ templates }: Config): Promise<ReadonlySet<string> | undefined> {
  try {
    return new Set(languageVersions(await readTemplates(templates)).map(({ hash }) => hash));
  } catch {
    return undefined;
  }
}
