import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { compareStatement } from '../../../operations/runs/compareStatement.ts';
import type { StatementColumns } from '../../../operations/runs/readStatement.ts';
import { addUsage } from '../../commandUsage.ts';
import { jsonOption } from '../../jsonOption.ts';
import { withSystem } from '../../openSystem.ts';
import { printFacts, printNote } from '../../output.ts';
import { recordAccess } from '../../recordAccess.ts';
import { runActorHere } from './runActorHere.ts';

interface StatementOptions {
  readonly provider: string;
  readonly file: string;
  readonly columns?: StatementColumns;
  readonly encoding: string;
  readonly json?: boolean;
}

export function defineRunStatement(command: Command): void {
  addUsage(command, {
    examples: [
      ['run statement 2026-11 --provider solapi --file their.csv', 'columns of the usual names'],
      [
        'run statement 2026-11 --provider ses --file ses.csv --columns id=MessageId,cost=Charge',
        'other names',
      ],
    ],
    exitsWith1: 'the statement differs from what we know',
  });
  command
    .description("compare a provider's own statement with what it accepted; the result is kept with the run")
    .argument('<run>', 'the run')
    .requiredOption('--provider <name>', 'whose statement it is, as the settings name it')
    .requiredOption('--file <path>', 'a CSV file with a line of headings and a line per message')
    .option(
      '--columns <list>',
      'what the columns are: key=<our key>,id=<their id>,cost=<price>',
      parseColumns,
    )
    .option('--encoding <name>', 'of the file, such as euc-kr', 'utf-8')
    .addOption(jsonOption('print the facts as one line of JSON, with the first messages of each difference'))
    .action((id: string, options: StatementOptions) =>
      withSystem(async (system) => {
        const { columns = {}, provider, file: path, encoding } = options;
        const file = { bytes: createReadStream(path), name: basename(path), encoding, columns };
        const request = { runId: id, provider, file, actor: runActorHere().name };
        const facts = await recordAccess(
          system.database,
          { what: 'statement', reason: `${id}: ${provider}` },
          () => compareStatement(system, request),
        );
        const { examples, ...counts } = facts;
        printFacts(options.json ? facts : counts, options);
        if (facts.inDoubt > 0 && !options.json) {
          printNote(
            'Messages of bills in doubt are in the statement: they were accepted. Settle them by `resolve`.',
          );
        }
        const { onlyTheirs, otherRuns, onlyOurs, different, repeated } = facts;
        if (onlyTheirs - otherRuns + onlyOurs + different + repeated > 0) process.exitCode = 1;
      }),
    );
}

const known = ['key', 'id', 'cost'];

function parseColumns(text: string): StatementColumns {
  const pairs = text.split(',').map((pair) => {
    const [what = '', ...name] = pair.split('=');
    return [what.trim(), name.join('=').trim()] as const;
  });
  if (pairs.every(([what, name]) => known.includes(what) && name !== '')) return Object.fromEntries(pairs);
  throw new InvalidArgumentError('must be such as id=MessageId,cost=Price; key, id and cost are known.');
}
