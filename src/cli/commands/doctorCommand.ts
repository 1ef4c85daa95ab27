import type { Command } from 'commander';
import { examine } from '../../operations/doctor/doctor.ts';
import { addUsage } from '../commandUsage.ts';
import { findingLines } from '../findingLines.ts';
import { jsonOption } from '../jsonOption.ts';
import { printFacts, printNote } from '../output.ts';

export function defineDoctor(command: Command): void {
  addUsage(command, {
    examples: [
      ['doctor', 'check everything, with advice for what is wrong'],
      ['doctor --json', 'the same for a script'],
    ],
    exitsWith1: 'a check failed',
  });
  command
    .description(
      'Checks settings, servers, topics, templates and ciphers, and what delays bills. Changes ' + 'nothing.',
    )
    .addOption(jsonOption('print the findings as one line of JSON'))
    .action(async (options: { json?: boolean }) => {
      const findings = await examine({ onProgress: printNote });
      const failed = findings.filter(({ verdict }) => verdict === 'fail').length;
      const warned = findings.filter(({ verdict }) => verdict === 'warn').length;
      if (options.json) printFacts({ healthy: failed === 0, failed, warned, findings }, options);
      else process.stdout.write(findingLines(findings, process.stdout));
      if (failed > 0) process.exitCode = 1;
    });
}
