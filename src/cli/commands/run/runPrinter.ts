import { once } from 'node:events';
import { type Command, Option } from 'commander';
import { printerFile } from '../../../operations/runs/printerFile.ts';
import { type PrinterForm, printerForms } from '../../../operations/runs/printerForms.ts';
import { demandRun } from '../../../operations/runs/readRuns.ts';
import { addUsage } from '../../commandUsage.ts';
import { withSystem } from '../../openSystem.ts';
import { formatCount, printNote } from '../../output.ts';
import { recordAccess } from '../../recordAccess.ts';

interface PrinterOptions {
  readonly format: PrinterForm;
  readonly reason: string;
}

export function defineRunPrinter(command: Command): void {
  addUsage(command, {
    examples: [
      ['run printer 2026-11 --reason "letters of November" > letters.csv', 'names and addresses, opened'],
    ],
  });
  command
    .description(
      'write a file for the printer: names and postal addresses, opened, of those whose bill failed for good. ' +
        'It is recorded',
    )
    .argument('<run>', 'the run')
    .addOption(
      new Option('--format <name>', 'CSV in UTF-8 with a byte order mark, or a JSON object per line')
        .choices(printerForms)
        .default('csv'),
    )
    .requiredOption('--reason <text>', 'why you need it; kept with the access record')
    .action((id: string, { format, reason }: PrinterOptions) =>
      withSystem(async (system) => {
        const { number: run } = await demandRun(system.database, id);
        const letters = await recordAccess(
          system.database,
          { what: 'printerFile', reason: `${id}: ${reason}` },
          async () => {
            let written = 0;
            for await (const { text, bills } of printerFile(system, { sought: { run }, form: format })) {
              if (!process.stdout.write(text)) await once(process.stdout, 'drain');
              written += bills;
            }
            return written;
          },
        );
        printNote(`letters: ${formatCount(letters)}`);
      }),
    );
}
