import type { LoadTestResult } from '../loadTest.ts';
import { loadRows } from './loadRows.ts';
import { machineLine } from './machine.ts';
import { textTable } from './textTable.ts';

/** Prints the figures for people and, where it was asked for, one last line for programs. */
export const printLoadTest = ({ machine, options, product }: LoadTestResult): void => {
  const table = textTable(loadRows({ billcast: product }));
  process.stdout.write(`${machineLine(machine)}\n${settingsLine(options)}\n\n${table}\n`);
  if (options.json)
    process.stdout.write(`${JSON.stringify({ billsPerSecond: product.steadyBillsPerSecond })}\n`);
};

const settingsLine = (options: LoadTestResult['options']): string =>
  `${options.runs} runs of ${options.bills.toLocaleString('en')} bills with ${options.items} items, ` +
  `${options.cipher}, ${options.processes} dispatchers, ${options.delay} ms a send, ` +
  `${options.inFlight ?? 'default'} in flight, ${options.preload ? 'all published before' : 'published by POST /publish'}.`;
