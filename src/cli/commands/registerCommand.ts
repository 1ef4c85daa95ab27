import type { Command } from 'commander';
import { registerMonth } from '../../operations/registerMonth.ts';
import { parseMonth } from '../arguments.ts';
import { countingBills } from '../billCounter.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { type System, withSystem } from '../openSystem.ts';
import { printFacts } from '../output.ts';
import { recordAccess } from '../recordAccess.ts';

interface RegisterOptions {
  readonly month: string;
  readonly json?: boolean;
}

export function defineRegister(command: Command): void {
  addUsage(command, {
    examples: [['register --month 2026-11', 'take in the bills of November; they are held until publish']],
    exitsWith1: 'nothing was registered',
  });
  command
    .description('Takes in the bills of a month from the tables of SOURCE_DIR. They are held until publish.')
    .requiredOption('--month <YYYY-MM>', 'the month', parseMonth)
    .addOption(jsonOption())
    .action((options: RegisterOptions) => withSystem((system) => register(system, options)));
}

async function register(system: System, { month, ...options }: RegisterOptions): Promise<void> {
  const facts = await recordAccess(system.database, { what: 'register', reason: month }, () =>
    countingBills('bills looked at', (onProgress) => registerMonth(system, month, onProgress)),
  );
  printFacts(facts, options);
}
