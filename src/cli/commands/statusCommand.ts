import type { Command } from 'commander';
import { readStatus } from '../../operations/readFacts.ts';
import { printFacts, tell, withReadOnlySystem } from '../system.ts';
import { brakeLines } from './pauseCommand.ts';

export function addStatus(program: Command): void {
  program
    .command('status')
    .description(
      'how many bills are in which state, dead letters, and the lag of the consumers, and how the brakes stand',
    )
    .option('--json', 'print the facts as one line of JSON')
    .action((options: { json?: boolean }) =>
      withReadOnlySystem(async (system) => {
        const { brakes, ...counts } = await readStatus(system, tell);
        const brakeFacts = options.json ? { brakes } : brakeLines(brakes, system.config.timeZone);
        printFacts({ ...counts, ...brakeFacts }, options);
      }),
    );
}
