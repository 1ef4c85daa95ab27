import type { Command } from 'commander';
import type { BillId } from '../bill.ts';
import { BillcastError } from '../errors.ts';
import { parseBillIds, parseMonth } from './arguments.ts';
import { printFacts } from './output.ts';

/** The options by which several commands name bills. */
export interface SelectionOptions {
  readonly bill?: readonly BillId[];
  readonly file?: string;
  readonly month?: string;
}

export function addBillOptions(command: Command): Command {
  return command
    .option('--bill <id...>', 'these bills', parseBillIds)
    .option('--file <path>', 'the bills in this file, one per line or in the first CSV column; - for stdin');
}

export function addMonthOption(command: Command): Command {
  return command.option('--month <YYYY-MM>', 'the bills of this month', parseMonth);
}

/** @throws BillcastError USAGE if none of these options is given */
export function requireOption(options: object, names: readonly string[]): void {
  if (names.some((name) => Reflect.get(options, name) !== undefined)) return;
  const flags = names.map((name) => `--${name}`);
  const list = [flags.slice(0, -1).join(', '), flags.at(-1)].filter((part) => part !== '').join(' or ');
  const several = flags.length > 2 ? ', or several of them' : '';
  throw new BillcastError('USAGE', `say which bills: ${list}${several}`);
}

/** Prints the facts of a change. Closed months are mentioned only if the selection has bills of one. */
export function printChange(facts: object, { json }: { readonly json?: boolean | undefined }): void {
  const shown = Object.entries(facts).filter(([name, value]) => name !== 'monthClosed' || value !== 0);
  printFacts(Object.fromEntries(shown), { json });
}
