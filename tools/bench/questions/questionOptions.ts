import type { Command } from 'commander';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { BillcastError } from '../../../src/errors.ts';
import { parseCount, parseName } from '../options.ts';
import type { QuestionOptions } from './measureQuestions.ts';

/** The options of the command line. */
export interface GivenQuestions {
  readonly api: string;
  readonly first: number;
  readonly last: number;
  readonly months: string;
  readonly reasons: string;
  readonly times: number;
  readonly only?: string;
  readonly beside?: string;
  readonly json: boolean;
  readonly save?: string;
}

export function addQuestionOptions(command: Command): Command {
  return command
    .option('--api <url>', 'where the api listens', 'http://127.0.0.1:8080')
    .requiredOption('--first <id>', 'the first id of the bills', parseCount)
    .requiredOption('--last <id>', 'the last one', parseCount)
    .requiredOption('--months <list>', 'billing months, separated by commas')
    .option('--reasons <list>', 'reasons, separated by commas', 'EMAIL_REFUSED,NO_CONTACT')
    .option('--times <n>', 'how often each question is asked', parseCount, 100)
    .option('--only <pattern>', 'only questions whose labels match')
    .option('--beside <text>', 'what else goes on, for the report')
    .option('--json', 'end with one line of JSON', false)
    .option('--save <name>', 'save the result for BENCHMARKS.md', parseName);
}

/** @throws BillcastError USAGE without DATABASE_URL */
export function questionOptions(given: GivenQuestions): QuestionOptions {
  const { api, first, last, months, reasons, times, only, beside } = given;
  const { url } = loadConfig().database;
  if (url === undefined) throw new BillcastError('USAGE', 'set DATABASE_URL to the database of the api');
  return {
    api,
    times,
    only,
    beside,
    databaseUrl: url,
    firstId: first,
    lastId: last,
    months: months.split(','),
    reasons: reasons.split(','),
  };
}
