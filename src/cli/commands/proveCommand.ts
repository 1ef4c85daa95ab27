import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { BillId, ClaimToken } from '../../bill.ts';
import { BillcastError } from '../../errors.ts';
import { timeIn } from '../../lib/timeText.ts';
import { wayOf } from '../../operations/explain/wording.ts';
import { type CheckFacts, checkProof, parseProof } from '../../operations/proof/checkProof.ts';
import type { AttemptProof, BillProof, PrintedWith } from '../../operations/proof/proof.ts';
import { proveBill } from '../../operations/proof/proveBill.ts';
import { showTheirIds } from '../../operations/theirIds.ts';
import { shortVersion } from '../../render/template/templateVersion.ts';
import { parseBillId, parseCount } from '../arguments.ts';
import { numberOf } from '../billKeys.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { withReadOnlySystem } from '../openSystem.ts';
import { printFacts } from '../output.ts';
import { recordAccess } from '../recordAccess.ts';

interface ProveOptions {
  readonly attempt?: string;
  readonly cycle?: number;
  readonly inclusion?: boolean;
  readonly check?: string;
  readonly root?: string;
  readonly json?: boolean;
}

export function defineProve(command: Command): void {
  addUsage(command, {
    examples: [
      ['prove 42', 'whether the messages of bill 42 said what the bill says now'],
      ['prove 42 --inclusion --json > proof.json', 'with its place in the manifest of its run, to keep'],
      ['prove --check proof.json', 'check such a file; needs no server'],
    ],
    exitsWith1: 'the last accepted message is not proved, or the file does not show what it claims',
  });
  command
    .description(
      'Prints the messages of a bill again, from the bill as it is now and the template that was kept, and compares them ' +
        'with the hashes of what was sent. Shows nothing of the bill and changes nothing.',
    )
    .argument('[billId]', "the bill's id", parseBillId)
    .option('--attempt <token>', 'only this message')
    .option('--cycle <number>', 'only messages of this cycle', parseCount)
    .option('--inclusion', 'also their place in the manifest of their run; reads the whole run')
    .option('--check <file>', 'check what --inclusion --json wrote, or - for standard input')
    .option('--root <hex>', 'with --check: the root of the manifest as you kept it')
    .addOption(jsonOption())
    .action(runProve);
}

async function runProve(billId: BillId | undefined, options: ProveOptions): Promise<void> {
  if ((billId === undefined) === (options.check === undefined)) {
    throw new BillcastError('USAGE', 'say which bill: its id, or --check with a file');
  }
  if (billId === undefined) return check(options);
  await withReadOnlySystem(async (system) => {
    const { database, config } = system;
    const number = await numberOf(system, billId);
    const { attempt, cycle, inclusion: withInclusion } = options;
    // Recorded, because it opens the bill, although it shows nothing of it.
    const proof = await recordAccess(database, { what: 'prove', billIds: [number] }, () =>
      proveBill(system, { billId: number, attempt: attempt as ClaimToken | undefined, cycle, withInclusion }),
    );
    const { billId: shown } = await showTheirIds(system, { billId: number });
    // The place in a manifest is proved by the number, so the file keeps it.
    if (options.json) printFacts(shown === number ? proof : { ...proof, billKey: shown }, options);
    else process.stdout.write(proofText({ ...proof, billId: shown }, config.timeZone));
    if (!proof.proved) process.exitCode = 1;
  });
}

/** The proof for people. */
export function proofText({ billId, proved, attempts }: BillProof, timeZone: string): string {
  const time = timeIn(timeZone);
  return [
    `bill ${billId}: ${proved ? 'proved' : 'not proved'} (times in ${timeZone})`,
    ...(attempts.length === 0 ? ['', 'No message of it was accepted, and none is in doubt.'] : []),
    ...attempts.flatMap((attempt) => ['', ...linesOf(attempt, time)]),
    '',
  ].join('\n');
}

const results = {
  proved: 'Proved',
  differs: 'Not the same',
  notRecorded: 'Not recorded',
  cannotTell: 'Cannot tell',
} as const satisfies Record<AttemptProof['result'], string>;

function linesOf(proof: AttemptProof, time: (at: Date) => string): string[] {
  const { channel, cycle, accepted, at, providerId, attempt, result, why, printedWith, contentHash } = proof;
  const { inclusion, inclusionMissing } = proof;
  const id = providerId === null ? '' : `, its id for it: ${providerId}`;
  return [
    `${wayOf(channel)} of cycle ${cycle}, ${accepted ? 'accepted' : 'in doubt since'} ${time(at)}${id}`,
    `  ${results[result]}: ${why}.`,
    ...(printedWith === null ? [] : [`  printed with ${printedText(printedWith)}`]),
    `  attempt ${attempt}${contentHash === null ? '' : `, hash ${contentHash}`}`,
    ...(inclusion ? [`  one of ${inclusion.attempts} in run ${inclusion.run}, root ${inclusion.root}`] : []),
    ...(inclusionMissing === undefined ? [] : [`  not in a manifest: ${inclusionMissing}`]),
  ];
}

function printedText({
  template,
  templateName,
  language,
  isTemplateOfToday,
  program,
  keyId,
}: PrintedWith): string {
  const today = isTemplateOfToday === false ? ', which is not the one of today' : '';
  return (
    `template ${templateName ?? ''}/${language} ${shortVersion(template)}${today}; ` +
    `billcast ${program}; hashed with key ${keyId}`
  );
}

async function check({ check: file = '-', root, json }: ProveOptions): Promise<void> {
  const text = file === '-' ? await readStandardInput() : await readProofFile(file);
  const facts = checkProof({ proof: parseProof(text), root });
  if (json) printFacts(facts, { json });
  else process.stdout.write(checkText(facts));
  if (!facts.included) process.exitCode = 1;
}

function checkText({ billId, attempts }: CheckFacts): string {
  const lines = attempts.map(
    ({ attempt, run, root, included, why }) =>
      `  attempt ${attempt}: ${included ? `in run ${run}, root ${root}` : 'not shown'}: ${why}`,
  );
  return [`bill ${billId}`, ...lines, ''].join('\n');
}

async function readProofFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new BillcastError('USAGE', `the file ${file} cannot be read`, { cause });
  }
}

async function readStandardInput(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
