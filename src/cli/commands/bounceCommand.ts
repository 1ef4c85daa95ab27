import type { Command } from 'commander';
import type { BillId } from '../../bill.ts';
import { findAcceptedAttempts } from '../../db/reads/acceptedAttempts.ts';
import { type BounceEvidence, bounceAs } from '../../db/transitions/bounceBills.ts';
import { moveSelected } from '../../db/transitions/moveSelected.ts';
import { type BillLine, readBillFile } from '../billFile.ts';
import { personAtTerminal, printFacts, withSystem } from '../system.ts';
import { withoutPersonalData } from '../withoutPersonalData.ts';

interface BounceOptions {
  readonly file: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function addBounce(program: Command): void {
  program
    .command('bounce')
    .description(
      'enter e-mails that were accepted and came back: their bills go by SMS, in the same cycle. ' +
        "Each line: the bill's number, then if known the attempt's key or the provider's id, then the reason",
    )
    .requiredOption('--file <path>', 'the list, as lines or CSV; - for stdin')
    .option('--dry-run', 'only say how many')
    .option('--json', 'print the facts as one line of JSON')
    .action(bounce);
}

async function bounce(options: BounceOptions): Promise<void> {
  const { file, dryRun = false } = options;
  const lines = await readBillFile(file);
  const evidence = evidenceOf(lines);
  await withSystem(async ({ database }) => {
    const accepted = await findAcceptedAttempts(database, evidence);
    const { movable, moved, busy, notFound, monthClosed, because, firstBillIds } = await moveSelected(
      database,
      {
        selection: { billIds: [...evidence.keys()] },
        move: bounceAs(database, { evidence, accepted, actor: personAtTerminal() }),
        dryRun,
      },
    );
    const { notDelivered = 0, deliveredBySms = 0, notSentByBillcast = 0, otherAttempt = 0 } = because;
    const facts = { dryRun, turnable: movable, turnedToSms: moved, notDelivered, deliveredBySms };
    const others = {
      otherAttempt,
      notSentByBillcast,
      notFound,
      busy,
      repeated: lines.length - evidence.size,
    };
    printFacts({ ...facts, ...others, ...(monthClosed === 0 ? {} : { monthClosed }), firstBillIds }, options);
  });
}

/** All that is reported of each bill: a bill that was sent twice may have bounced twice. */
function evidenceOf(lines: readonly BillLine[]): Map<BillId, BounceEvidence[]> {
  const evidence = new Map<BillId, BounceEvidence[]>();
  for (const { billId, cells } of lines) {
    const reports = evidence.get(billId) ?? [];
    evidence.set(billId, [...reports, reportOf(cells)]);
  }
  return evidence;
}

const keyPattern = /^\d+:[A-Z]+:\d+$/;

function reportOf([id = '', reason = '']: readonly string[]): BounceEvidence {
  return {
    ...(id === '' ? {} : keyPattern.test(id) ? { key: id } : { providerId: id }),
    ...(reason === '' ? {} : { reason: withoutPersonalData(reason) }),
  };
}
