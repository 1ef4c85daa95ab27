import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { BillId } from '../../bill.ts';
import { type Channel, channelNames } from '../../channels.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { BillcastError } from '../../errors.ts';
import { type PreviewFacts, previewBill, previewSample } from '../../operations/preview.ts';
import { compileProjectTemplates } from '../../operations/projectTemplates.ts';
import type { RenderedBill } from '../../render/bill/renderedBill.ts';
import { sizeText } from '../../render/bill/textForecast.ts';
import { parseBillId } from '../arguments.ts';
import { addUsage } from '../commandUsage.ts';
import { withReadOnlySystem } from '../openSystem.ts';
import { printFacts, printNote } from '../output.ts';
import { recordAccess } from '../recordAccess.ts';

interface PreviewOptions {
  readonly out?: string;
  readonly sample?: boolean;
  readonly json?: boolean;
}

export function definePreview(command: Command): void {
  addUsage(command, {
    examples: [
      ['preview 42 --out /tmp/preview', 'write the messages of bill 42 into files'],
      ['preview --sample', 'those of a made-up bill; needs no database'],
    ],
    exitsWith1: 'a message cannot be rendered',
  });
  command
    .description(
      'Writes the e-mail and the SMS of one bill into files, as they would be sent. Sends and ' +
        'changes nothing.',
    )
    .argument('[billId]', "the bill's id", parseBillId)
    .option('--out <folder>', 'the folder of the files (default: the folder preview in DATA_DIR)')
    .option('--sample', 'the built-in sample bill; needs no database')
    .option('--json', 'print the facts as one line of JSON')
    .action(runPreview);
}

async function runPreview(billId: BillId | undefined, options: PreviewOptions): Promise<void> {
  if ((billId === undefined) === (options.sample !== true)) {
    throw new BillcastError('USAGE', 'say which bill: its id, or --sample');
  }
  const preview =
    billId === undefined
      ? await previewTheSample()
      : await withReadOnlySystem(async ({ config, database }) => {
          const templates = await compileProjectTemplates(config);
          const facts = await previewBill({ config, database, templates }, { billId });
          // Before it is shown. A role that may only read does not get this far.
          return recordAccess(database, { what: 'preview', billIds: [billId] }, async () => facts);
        });
  await write(preview, billId ?? 'sample', options);
}

async function previewTheSample(): Promise<PreviewFacts> {
  const config = loadConfig();
  return previewSample({ config, templates: await compileProjectTemplates(config) });
}

/** @param name what the files are called */
async function write(
  { messages, templateWarning }: PreviewFacts,
  name: string,
  options: PreviewOptions,
): Promise<void> {
  if (templateWarning !== undefined) printNote(templateWarning);
  const folder = await makeFolder(options.out ?? join(loadConfig().dataDir, 'preview'));
  const path = join(folder, name);
  const facts: Record<string, string | number> = { bill: name };
  for (const channel of channelNames) {
    Object.assign(facts, await writeMessage(path, { channel, rendered: messages[channel] }, options));
  }
  printFacts(facts, options);
}

interface Message {
  readonly channel: Channel;
  readonly rendered: RenderedBill;
}

/** @returns its files and sizes, or why it could not be rendered */
async function writeMessage(
  path: string,
  { channel, rendered }: Message,
  { json }: PreviewOptions,
): Promise<Record<string, string | number>> {
  const name = channel.toLowerCase();
  switch (rendered.kind) {
    case 'unpreparable':
      process.exitCode = 1;
      return { [`${name}Failure`]: `${rendered.reason}: ${rendered.detail}` };
    case 'text': {
      const { text, bytes, replaced } = rendered;
      return {
        [name]: await writePrivate(`${path}.${name}.txt`, text),
        ...(json ? { [`${name}Bytes`]: bytes } : { [`${name}Size`]: sizeText(bytes) }),
        ...(replaced === undefined ? {} : { [`${name}Replaced`]: replaced.join(' ') }),
      };
    }
    case 'email':
      return {
        subject: rendered.subject,
        html: await writePrivate(`${path}.html`, rendered.html),
        text: await writePrivate(`${path}.txt`, rendered.text),
      };
    default:
      return rendered satisfies never;
  }
}

/** Personal data: nobody else on the machine may read it. */
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
