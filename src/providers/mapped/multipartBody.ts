import { createHash } from 'node:crypto';
import { inBytes } from '../http/encodeMessage.ts';
import type { MessageAttachment } from '../provider.ts';
import { listOf } from './listPlaces.ts';
import type { SendMapping } from './mappingSchema.ts';
import { compileText } from './placeholders.ts';

/** Like `WriteBody`, with files. */
type WriteMultipart = (fieldOf: (field: string) => string, files: readonly MessageAttachment[]) => string;

/** A part of a form, with one character per byte. */
interface Part {
  readonly head: string;
  readonly content: string;
}

type WriteParts = (...message: Parameters<WriteMultipart>) => readonly Part[];

/**
 * Makes the function that writes a body as `multipart/form-data` (RFC 7578); the schema has checked that it
 * is a form. Each file is a separate part, byte for byte.
 */
export function compileMultipart(body: SendMapping['body']): WriteMultipart {
  const writers = Object.entries(body as Readonly<Record<string, string | readonly string[]>>).flatMap(
    ([name, value]) => [value].flat().map((text) => compilePart(name, text)),
  );
  return (fieldOf, files) => joined(writers.flatMap((write) => write(fieldOf, files)));
}

/** The `Content-Type` of a body that `compileMultipart` has written: its first line is the boundary. */
export function multipartType(body: Uint8Array | undefined = new Uint8Array()): string {
  const firstLine = Buffer.from(body.subarray(0, body.indexOf(carriageReturn))).toString('latin1');
  return `multipart/form-data; boundary=${firstLine.slice('--'.length)}`;
}

const carriageReturn = 0x0d;

function compilePart(name: string, text: string): WriteParts {
  const head = `Content-Disposition: form-data; name="${quotable(name)}"`;
  if (listOf(text) === 'attachments') {
    return (_fieldOf, files) => files.map((file) => filePart(head, file));
  }
  const write = compileText(inBytes(text));
  return (fieldOf) => [{ head, content: write(fieldOf) }];
}

function filePart(head: string, { name, contentType, content }: MessageAttachment): Part {
  return {
    head: `${head}; filename="${quotable(name)}"\r\nContent-Type: ${contentType}`,
    content: content.toString('latin1'),
  };
}

/** A name in quotes, escaped as browsers do it. */
function quotable(name: string): string {
  return inBytes(name).replaceAll(/["\r\n]/g, encodeURIComponent);
}

function joined(parts: readonly Part[]): string {
  const boundary = boundaryOf(parts);
  const written = parts.map(({ head, content }) => `--${boundary}\r\n${head}\r\n\r\n${content}\r\n`);
  return `${written.join('')}--${boundary}--\r\n`;
}

/**
 * A hash of the parts: the same message has the same bytes, and no part can hold it. So nothing in a name can
 * end a part and begin another.
 */
function boundaryOf(parts: readonly Part[]): string {
  const hash = createHash('sha256');
  for (const { head, content } of parts) hash.update(head, 'latin1').update(content, 'latin1');
  return `billcast-${hash.digest('hex').slice(0, 32)}`;
}
