import type { LoadTestResult } from '../loadTest.ts';
import { loadRows } from './loadRows.ts';
import { machineLine } from './machine.ts';
import { textTable } from './textTable.ts';

/** Prints the figures for people and, where it was asked for, one last line for programs. */
export const printLoadTest = (result: LoadTestResult): void => {
  const { machine, options } = result;
  process.stdout.write(`${machineLine(machine)}\n${settingsLine(options)}\n\n${textTable(rowsOf(result))}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify(factsOf(result))}\n`);
};

const rowsOf = ({ product, floor }: LoadTestResult): string[][] =>
  loadRows({
    ...(product === undefined ? {} : { billcast: product }),
    ...(floor === undefined ? {} : { floor }),
  });

const factsOf = ({ product, floor, machine, options }: LoadTestResult) => {
  const billsPerSecond = product?.steadyBillsPerSecond;
  const floorBillsPerSecond = floor?.steadyBillsPerSecond;
  return {
    billsPerSecond: billsPerSecond ?? null,
    floorBillsPerSecond: floorBillsPerSecond ?? null,
    ratio:
      billsPerSecond === undefined || floorBillsPerSecond === undefined
        ? null
        : billsPerSecond / floorBillsPerSecond,
    ...{ product, floor, machine, options },
  };
};

const settingsLine = (options: LoadTestResult['options']): string =>
  `${options.runs} runs of ${options.bills.toLocaleString('en')} bills with ${options.items} items, ` +
  `${options.cipher}, ${options.processes} dispatchers, ${options.delay} ms a send, ` +
  `${options.inFlight ?? 'default'} in flight, ${options.preload ? 'all published before' : 'published by POST /publish'}.`;
