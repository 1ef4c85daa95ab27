import { join } from 'node:path';
import type { Command } from 'commander';
import type { BillId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { BillcastError } from '../../errors.ts';
import { loadBillText, openRenderDeps, renderIn, sampleText } from '../../operations/preview.ts';
import { previewFolderOf, previewNameOf } from '../../operations/previewFiles.ts';
import { compileProjectTemplates } from '../../operations/projectTemplates.ts';
import { parseBillId, parseChannel, parsePort } from '../arguments.ts';
import { numberOf } from '../billKeys.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { withReadOnlySystem } from '../openSystem.ts';
import { printFacts, printNote } from '../output.ts';
import { writeMessages } from '../preview/messageFiles.ts';
import type { PreviewView } from '../preview/previewView.ts';
import { recordAccess } from '../recordAccess.ts';

interface PreviewOptions {
  readonly out?: string;
  readonly sample?: boolean;
  readonly channel?: Channel;
  readonly language?: string;
  readonly screenshots?: boolean;
  readonly watch?: boolean;
  readonly port: number;
  readonly json?: boolean;
}

export function definePreview(command: Command): void {
  addUsage(command, {
    examples: [
      ['preview 42 --out /tmp/preview', 'write the messages of bill 42 into files'],
      ['preview --sample', 'those of a made-up bill; needs no database'],
      ['preview --sample --watch', 'in the browser, and again whenever the template changes'],
      ['preview --sample --language en --channel sms', 'only the SMS, in English'],
    ],
    exitsWith1: 'a message cannot be rendered',
  });
  command
    .description(
      'Writes the messages of one bill into files, as they would be sent, or shows them in a browser. Sends ' +
        'and changes nothing.',
    )
    .argument('[billId]', "the bill's id", parseBillId)
    .option('--out <folder>', 'the folder of the files (default: the folder preview in DATA_DIR)')
    .option('--sample', 'the built-in sample bill; needs no database')
    .option('--channel <channel>', 'only this channel', parseChannel)
    .option('--language <language>', "a folder of the template (default: the member's language)")
    .option('--screenshots', 'also pictures of the e-mail, phone and desktop, light and dark; needs Chromium')
    .option('--watch', 'serve it to the browser of this machine, and load again when the template changes')
    .option('--port <port>', 'of --watch; 0 for any free port', parsePort, 0)
    .addOption(jsonOption())
    .action(runPreview);
}

async function runPreview(billId: BillId | undefined, options: PreviewOptions): Promise<void> {
  if ((billId === undefined) === (options.sample !== true)) {
    throw new BillcastError('USAGE', 'say which bill: its id, or --sample');
  }
  const text =
    billId === undefined
      ? await sampleText(loadConfig())
      : await withReadOnlySystem(async (system) => {
          const { database } = system;
          const number = await numberOf(system, billId);
          const loaded = await loadBillText(system, number);
          // Recorded before it is shown. A role that may only read does not get this far.
          return recordAccess(database, { what: 'preview', billIds: [number] }, async () => loaded);
        });
  if (options.watch) return watch(text, billId, options);
  await write(text, previewNameOf(billId ?? 'sample'), options);
}

async function write(text: string, name: string, options: PreviewOptions): Promise<void> {
  const config = loadConfig();
  const templates = await compileProjectTemplates(config);
  const preview = renderIn(options.language, text, await openRenderDeps({ config, templates }));
  const { channel, json = false } = options;
  if (preview.templateWarning !== undefined) printNote(preview.templateWarning);
  const folder = options.out ?? previewFolderOf(config.dataDir);
  const facts = await writeMessages(preview, { folder, name, channel, json });
  const email = Object.values(preview.messages).find((message) => message.kind === 'email');
  const pictures =
    options.screenshots && email !== undefined
      ? await takePictures(email.html.toString(), join(folder, name))
      : [];
  printFacts({ ...facts, ...(pictures.length > 0 && { screenshots: pictures.join(' ') }) }, options);
}

/** Uses a program of the repository: an installation without devDependencies has no browser. */
async function takePictures(html: string, path: string): Promise<string[]> {
  const { takeScreenshots } = await import('../../../tools/screenshots/takeScreenshots.ts').catch(
    (cause: unknown) => {
      const message = 'there is no Chromium: run `npm ci` with devDependencies, or leave out --screenshots';
      throw new BillcastError('USAGE', message, { cause });
    },
  );
  return takeScreenshots(html, path);
}

async function watch(text: string, billId: BillId | undefined, { port }: PreviewOptions): Promise<void> {
  const { watchPreview } = await import('../preview/watchPreview.ts');
  const preview = await watchPreview({
    config: loadConfig(),
    text,
    title: billId === undefined ? 'The sample bill' : `Bill ${billId}`,
    port,
    onView: noteView,
  });
  printNote(`Open ${preview.url} in a browser of this machine. Ctrl-C ends it.`);
  await untilInterrupted();
  await preview.stop();
}

function noteView(view: PreviewView): void {
  printNote(view.kind === 'refused' ? view.message : `The template is used; ${view.remarks.length} remarks.`);
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
