import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Channel } from '../../channels.ts';
import { BillcastError } from '../../errors.ts';
import type { PreviewFacts } from '../../operations/preview.ts';
import { messageSizes } from '../../operations/templates/messageSizes.ts';
import type { RenderedBill, RenderedEmail, RenderedText } from '../../render/bill/renderedBill.ts';

type Facts = Record<string, string | number>;

export interface MessageFilesOptions {
  readonly folder: string;
  /** The beginning of the files' names. */
  readonly name: string;
  /** Default: all channels. */
  readonly channel?: Channel | undefined;
  /** Whether a program reads the facts. */
  readonly json: boolean;
}

/**
 * Writes the messages into files. @returns the files with sizes, or why the messages could not be rendered
 */
export async function writeMessages(
  { language, channels, messages }: PreviewFacts,
  { folder, name, channel, json }: MessageFilesOptions,
): Promise<Facts> {
  const path = join(await makeFolder(folder), name);
  const facts: Facts = { bill: name, language };
  for (const one of channel === undefined ? channels : [channel]) {
    Object.assign(facts, await writeMessage(path, { channel: one, rendered: messages[one] }, json));
  }
  return facts;
}

interface Message {
  readonly channel: Channel;
  readonly rendered: RenderedBill;
}

async function writeMessage(path: string, { channel, rendered }: Message, json: boolean): Promise<Facts> {
  const name = channel.toLowerCase();
  switch (rendered.kind) {
    case 'unpreparable':
      process.exitCode = 1;
      return { [`${name}Failure`]: `${rendered.reason}: ${rendered.detail}` };
    case 'text': {
      const file = await writePrivate(`${path}.${name}.txt`, rendered.text);
      return { [name]: file, ...textFacts(channel, rendered, json) };
    }
    case 'email': {
      const sizes = messageSizes(channel, rendered);
      return {
        subject: rendered.subject,
        html: await writePrivate(`${path}.html`, rendered.html),
        text: await writePrivate(`${path}.txt`, rendered.text),
        ...(await writeAttachments(path, rendered)),
        ...(json
          ? { htmlBytes: rendered.html.length, textBytes: rendered.text.length }
          : { subjectSize: sizes.subject ?? '', htmlSize: sizes.HTML ?? '' }),
      };
    }
    default:
      return rendered satisfies never;
  }
}

function textFacts(channel: Channel, rendered: RenderedText, json: boolean): Facts {
  const name = channel.toLowerCase();
  const { bytes, replaced, title, buttons = [] } = rendered;
  const { size = '', abroad } = messageSizes(channel, rendered);
  return {
    ...(title === undefined ? {} : { [`${name}Title`]: title }),
    ...(buttons.length === 0
      ? {}
      : { [`${name}Buttons`]: buttons.map((button) => `${button.name} | ${button.url}`).join('\n') }),
    ...(json ? { [`${name}Bytes`]: bytes } : { [`${name}Size`]: size }),
    ...(json || abroad === undefined ? {} : { [`${name}Abroad`]: abroad }),
    ...(replaced === undefined ? {} : { [`${name}Replaced`]: replaced.join(' ') }),
  };
}

async function writeAttachments(path: string, { attachments = [] }: RenderedEmail): Promise<Facts> {
  const facts: Facts = {};
  for (const { name, content } of attachments) {
    facts.attachment = await writePrivate(`${path}.${name}`, content);
    facts.attachmentBytes = content.length;
  }
  return facts;
}

/** Only the owner may read the file, since it holds personal data. */
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
