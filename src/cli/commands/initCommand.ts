import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { SettingValues } from '../../config/envFile.ts';
import { BillcastError } from '../../errors.ts';
import type { Finding } from '../../operations/doctor/finding.ts';
import {
  answerProblem,
  blockingFindings,
  checkNewSettings,
  writeSettings,
} from '../../operations/initSettings.ts';
import { addUsage } from '../commandUsage.ts';
import { confirm } from '../confirm.ts';
import { findingLines } from '../findingLines.ts';
import { askSettings } from '../init/askSettings.ts';
import { openQuestions } from '../init/terminalQuestions.ts';
import { jsonOption } from '../jsonOption.ts';
import { printFacts, printNote } from '../output.ts';

interface InitOptions {
  readonly set?: SettingValues;
  readonly file: string;
  readonly overwrite?: boolean;
  readonly check: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function defineInit(command: Command): void {
  addUsage(command, {
    examples: [
      ['init', 'ask, check each server, and write .env'],
      ['init --set KAFKA_BROKERS=kafka1:9092', 'ask for the rest only'],
      [
        'init --yes --set DATABASE_URL_FILE=/run/secrets/db --set KAFKA_BROKERS=kafka1:9092 --json',
        'for a script: no question, and a secret that no list of processes shows',
      ],
    ],
    exitsWith1: 'a check failed and nothing was written',
  });
  command
    .description(
      'Asks for the settings, checks each server that they name, and writes them into .env, which only you ' +
        'may read. It replaces no file without asking.',
    )
    .option('--set <NAME=value...>', 'a setting; may be repeated', parseSetting)
    .option('--file <path>', 'the file', '.env')
    .option('--overwrite', 'replace the file if it exists')
    .option('--no-check', 'do not connect to the servers')
    .option('--yes', 'ask nothing; needed without a terminal')
    .addOption(jsonOption())
    .action(init);
}

async function init(options: InitOptions): Promise<void> {
  const { file, yes = false, json } = options;
  const overwrite = await mayOverwrite(options);
  const values = await gatherSettings(options);
  const findings = options.check ? await checkNewSettings(values, printNote) : [];
  process.stderr.write(findingLines(findings, process.stderr));
  if (!(await mayWrite(blockingFindings(findings), { yes }))) {
    printNote('Nothing was written.');
    process.exitCode = 1;
    return;
  }
  await writeSettings(values, { file, overwrite });
  if (json) printFacts({ file, settings: Object.keys(values), findings }, { json });
  else printFacts({ file, settings: Object.keys(values).join(' ') }, { json });
  printNote(
    Object.keys(values).some((name) => name.startsWith('DATABASE_URL'))
      ? 'Next: `npx billcast migrate` creates the tables, and `npx billcast doctor` checks everything.'
      : 'Next: `npm start -- --serve`.',
  );
}

async function mayOverwrite({ file, overwrite = false, yes = false }: InitOptions): Promise<boolean> {
  if (overwrite || !existsSync(file)) return overwrite;
  if (!yes && (await confirm(`${file} exists. Replace it?`, { yes }))) return true;
  throw new BillcastError(
    'USAGE',
    `${file} exists: add --overwrite to replace it, or --file for another one`,
  );
}

async function gatherSettings({ set = {}, yes }: InitOptions): Promise<SettingValues> {
  if (yes) return set;
  if (!process.stdin.isTTY) {
    throw new BillcastError(
      'USAGE',
      'this is not a terminal, so nobody can be asked: add --yes, and --set NAME=value',
    );
  }
  const questions = openQuestions(process);
  try {
    return await askSettings(questions, set, (name, text) => answerProblem(name, text, set));
  } finally {
    questions.close();
  }
}

async function mayWrite(blocking: readonly Finding[], { yes }: { readonly yes: boolean }): Promise<boolean> {
  if (blocking.length === 0) return true;
  return (
    !yes && confirm(`${blocking.map(({ check }) => check).join(', ')} failed. Write the settings anyway?`, {})
  );
}

function parseSetting(text: string, previous: SettingValues = {}): SettingValues {
  const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('must be NAME=value.');
  return { ...previous, [name]: value };
}
