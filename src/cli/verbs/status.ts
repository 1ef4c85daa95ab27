import type { Command } from 'commander';
import { readStatus } from '../facts.ts';
import { printFacts, tell, withSystem } from '../system.ts';

export const addStatus = (program: Command): void => {
  program
    .command('status')
    .description('how many bills are in which state, dead letters, and the lag of the consumers')
    .option('--json', 'print the facts as one line of JSON')
    .action((options: { json?: boolean }) =>
      withSystem(async (system) => printFacts(await readStatus(system, tell), options)),
    );
};
