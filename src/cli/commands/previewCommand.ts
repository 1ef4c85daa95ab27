import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { BillId, Claim, ClaimToken } from '../../bill.ts';
import { type Config, loadConfig } from '../../config/loadConfig.ts';
import type { Database } from '../../db/database.ts';
import { findBill } from '../../db/reads/findBill.ts';
import { loadBills } from '../../db/source/loadBills.ts';
import { BillcastError } from '../../errors.ts';
import { projectDir } from '../../lib/projectDir.ts';
import { compileInThread } from '../../pool/compileInThread.ts';
import { readTemplates } from '../../pool/readTemplates.ts';
import type { RenderedBill, RenderedText } from '../../render/bill/renderedBill.ts';
import { createRenderer } from '../../render/bill/renderer.ts';
import { sampleBill, sealedText } from '../../render/bill/sampleBill.ts';
import { forecastTexts, sizeText, textWarning } from '../../render/bill/textForecast.ts';
import { createFieldCiphers, type FieldCiphers } from '../../render/cipher/fieldCiphers.ts';
import { parseBillId } from '../arguments.ts';
import { printFacts, tell, withReadOnlySystem } from '../system.ts';

interface PreviewOptions {
  out?: string;
  sample?: boolean;
  json?: boolean;
}

export function addPreview(program: Command): void {
  program
    .command('preview')
    .description(
      "writes a bill's e-mail and SMS into files, as they would go out; sends and changes nothing; " +
        'exit 1 if one of them cannot be prepared',
    )
    .argument('[billId]', 'the bill', parseBillId)
    .option('--out <folder>', 'where to; the folder preview in DATA_DIR otherwise')
    .option('--sample', 'the sample bill that is built in, without any database')
    .option('--json', 'print the facts as one line of JSON')
    .action(preview);
}

async function preview(billId: BillId | undefined, options: PreviewOptions): Promise<void> {
  if ((billId === undefined) === (options.sample !== true)) {
    throw new BillcastError('USAGE', 'say which bill: its id, or --sample');
  }
  if (billId === undefined) {
    const config = loadConfig();
    const ciphers = createFieldCiphers(config.cipher);
    await write({ name: 'sample', text: sealedText(sampleBill, ciphers), config, ciphers }, options);
    return;
  }
  await withReadOnlySystem(async ({ config, database }) => {
    const text = await loadBill(database, billId);
    await write({ name: billId, text, config, ciphers: createFieldCiphers(config.cipher) }, options);
  });
}

interface Previewed {
  /** What the files are called. */
  readonly name: string;
  /** The bill as the database hands it over. */
  readonly text: string;
  readonly config: Config;
  readonly ciphers: FieldCiphers;
}

async function write({ name, text, config, ciphers }: Previewed, options: PreviewOptions): Promise<void> {
  const templates = await compileInThread(await readTemplates(join(projectDir, 'templates')));
  const { render } = createRenderer({
    templates,
    ciphers,
    timeZone: config.timeZone,
    rules: config.billRules,
  });
  const facts: Record<string, string | number> = { bill: name };
  const warning = textWarning(forecastTexts(templates));
  if (warning !== undefined) tell(warning);
  const folder = await makeFolder(options.out ?? join(config.dataDir, 'preview'));
  for (const channel of ['EMAIL', 'SMS'] as const) {
    const rendered = render(channel, text);
    if (rendered.kind === 'unpreparable') {
      process.exitCode = 1;
      facts[channel === 'EMAIL' ? 'emailFailure' : 'smsFailure'] = `${rendered.reason}: ${rendered.detail}`;
    } else {
      Object.assign(facts, await writeMessage(join(folder, name), rendered));
    }
    if (rendered.kind === 'text') Object.assign(facts, smsFacts(rendered, options));
  }
  printFacts(facts, options);
}

function smsFacts(
  { bytes, replaced }: RenderedText,
  { json = false }: PreviewOptions,
): Record<string, string | number> {
  return {
    ...(json ? { smsBytes: bytes } : { smsSize: sizeText(bytes) }),
    ...(replaced === undefined ? {} : { smsReplaced: replaced.join(' ') }),
  };
}

async function writeMessage(
  path: string,
  rendered: Exclude<RenderedBill, { kind: 'unpreparable' }>,
): Promise<Record<string, string>> {
  if (rendered.kind === 'text') return { sms: await writePrivate(`${path}.sms.txt`, rendered.text) };
  const html = await writePrivate(`${path}.html`, rendered.html);
  return { subject: rendered.subject, html, text: await writePrivate(`${path}.txt`, rendered.text) };
}

/** A bill is its member's: nobody else on the machine reads it. */
async function writePrivate(file: string, content: Buffer | string): Promise<string> {
  await writeFile(file, content, { mode: 0o600 }).catch(notWritable(file));
  return file;
}

async function makeFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true }).catch(notWritable(folder));
  return resolve(folder);
}

function notWritable(path: string) {
  return (cause: unknown): never => {
    throw new BillcastError('USAGE', `cannot write ${path}: choose another folder with --out`, { cause });
  };
}

/** Loads a bill as a dispatcher would that had claimed it. */
async function loadBill(database: Database, billId: BillId): Promise<string> {
  const owner = await findBill(database, billId);
  if (owner === undefined) throw new BillcastError('USAGE', `there is no bill ${billId}`);
  const token = randomUUID() as string as ClaimToken;
  const claim: Claim = { billId, ...owner, channel: 'EMAIL', attempts: 0, triedMs: 0, token };
  return (await loadBills(database, [claim])).get(billId)?.text ?? '';
}
