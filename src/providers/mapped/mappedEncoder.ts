import { idempotencyKeyOf, testKeyOf } from '../../bill.ts';
import type { MessageForm } from '../../channelModule.ts';
import { type Channel, channels } from '../../channels.ts';
import { isAbroad } from '../../lib/abroadNumber.ts';
import { inBytes } from '../http/encodeMessage.ts';
import type { Attempt, Encode, Message, MessageAttachment } from '../provider.ts';
import { compileBody } from './bodyTemplate.ts';
import type { ListName } from './listPlaces.ts';
import type { SendMapping } from './mappingSchema.ts';
import { compileMultipart } from './multipartBody.ts';
import type { MessageField } from './placeholders.ts';
import type { SendForm } from './sendForms.ts';
import { frameParts, idsPlace } from './uploadFrame.ts';

/**
 * The part of a mapping that a render thread needs: the bodies of its forms. Headers, which may hold secrets,
 * are left out.
 */
export interface MappedEncoderOptions {
  readonly sends: readonly ({ readonly form: SendForm } & EncodedPart)[];
}

interface EncodedPart extends Pick<SendMapping, 'body' | 'encoding' | ListName> {
  readonly upload?: Pick<NonNullable<SendMapping['upload']>, 'body'> | undefined;
}

/**
 * Makes the encoder of a mapping. If there are several forms, the first byte of its result is the index of
 * the message's form in `sends`: by it the main loop chooses the address, see `formOfBody`.
 */
export function createEncode({ sends }: MappedEncoderOptions): Encode {
  const writers = sends.map(compileSend);
  const indexOf = (form: SendForm): number => sends.findIndex((one) => one.form === form);
  const withFiles = indexOf('emailWithFiles');
  const formBytes = formBytesOf(sends.length);
  return (message, attempt) => {
    const form = formOf(message, attempt.channel);
    // If a provider has one address for short texts of all lengths, long ones go there too.
    const usual = form === 'lms' && indexOf('lms') === -1 ? indexOf('sms') : indexOf(form);
    const index = withFiles !== -1 && filesOf(message).length > 0 ? withFiles : usual;
    const write = writers[index];
    if (write === undefined) throw new TypeError(`the mapping has no ${form}`);
    const bytes = write(message, attempt);
    const body = Buffer.allocUnsafeSlow(formBytes + bytes.length);
    if (formBytes > 0) body[0] = index;
    body.write(bytes, formBytes, 'latin1');
    return body;
  };
}

/** Writes one character per byte, see `WriteBody`. */
type WriteMessage = (message: Message, attempt: Attempt) => string;

function compileSend({ upload, ...part }: EncodedPart): WriteMessage {
  const { body, encoding, ...items } = part;
  if (upload !== undefined) return compileUpload(body, upload.body);
  if (encoding === 'multipart') {
    const write = compileMultipart(body);
    return (message, attempt) =>
      write((field) => readers[field as keyof typeof readers](message, attempt), filesOf(message));
  }
  const write = compileBody(body, encoding);
  const writeList = compileLists(items);
  return (message, attempt) =>
    write((field) =>
      field === 'buttons' || field === 'attachments'
        ? (writeList?.(field, message) ?? '')
        : readers[field as keyof typeof readers](message, attempt),
    );
}

/** Writes the message without its files, and behind it a body for the upload of each. */
function compileUpload(body: SendMapping['body'], uploadBody: SendMapping['body']): WriteMessage {
  const write = compileBody(body, 'json');
  const writeUpload = compileBody(uploadBody, 'json');
  return (message, attempt) => {
    const uploads = itemsOf('attachments', message).map((file) => writeUpload((field) => file[field] ?? ''));
    const ids = uploads.length === 0 ? '' : idsPlace;
    const written = write((field) =>
      field === 'attachments' ? ids : readers[field as keyof typeof readers](message, attempt),
    );
    return frameParts([written, ...uploads]);
  };
}

type WriteList = (name: ListName, message: Message) => string;

/** Writes lists as JSON; nothing if the message has none. */
function compileLists({ buttons, attachments }: Pick<SendMapping, ListName>): WriteList | undefined {
  if (buttons === undefined && attachments === undefined) return undefined;
  const writers = {
    buttons: compileBody(buttons ?? '', 'json'),
    attachments: compileBody(attachments ?? '', 'json'),
  };
  return (name, message) => {
    const items = itemsOf(name, message).map((values) => writers[name]((field) => values[field] ?? ''));
    return items.length === 0 ? '' : `[${items.join(',')}]`;
  };
}

function itemsOf(name: ListName, message: Message): Readonly<Record<string, string>>[] {
  if (name === 'buttons') {
    const { buttons = [] } = message.kind === 'text' ? message : {};
    return buttons.map((button, index) => ({
      name: inBytes(button.name),
      url: inBytes(button.url),
      number: String(index + 1),
    }));
  }
  return filesOf(message).map((file) => ({
    name: inBytes(file.name),
    contentType: file.contentType,
    content: file.content.toString('base64'),
  }));
}

function filesOf(message: Message): readonly MessageAttachment[] {
  return (message.kind === 'email' ? message.attachments : undefined) ?? noFiles;
}

const noFiles: readonly MessageAttachment[] = [];

/**
 * How many bytes the form's index takes. An only form is not written: a body with memory of its own is freed
 * as soon as it has left.
 */
function formBytesOf(forms: number): number {
  return forms > 1 ? 1 : 0;
}

/** The form's index in a message that `createEncode` has encoded, and the bytes to send, without a copy. */
export function formOfBody(
  body: Uint8Array,
  forms: number,
): { readonly index: number; readonly bytes: Uint8Array } {
  const formBytes = formBytesOf(forms);
  return formBytes === 0
    ? { index: 0, bytes: body }
    : { index: body[0] ?? -1, bytes: body.subarray(formBytes) };
}

/** What a Korean SMS holds, in CP949. */
const smsBytes = 90;

function formOf(message: Message, channel: Channel): MessageForm {
  const [form, long = form] = channels[channel].forms;
  return message.kind === 'text' && (message.bytes ?? 0) > smsBytes && !isAbroad(message.to) ? long : form;
}

/** The longest title of an LMS in Hangul at Naver and NHN, which allow 40 bytes: a syllable takes two. */
const longestTitle = 20;

/** The fields of each form, as `WriteMessage` fills them in. */
const readers: Readonly<
  Record<Exclude<MessageField, ListName>, (message: Message, attempt: Attempt) => string>
> = {
  key: (_message, attempt) =>
    attempt.test === undefined ? idempotencyKeyOf(attempt) : testKeyOf(attempt, attempt.test.keySuffix),
  billId: (_message, { billId }) => billId,
  memberId: (_message, { memberId }) => memberId,
  channel: (_message, { channel }) => channel,
  cycle: (_message, { cycle }) => String(cycle),
  to: ({ to }) => inBytes(to),
  subject: (message) => (message.kind === 'email' ? inBytes(message.subject) : ''),
  html: (message) => (message.kind === 'email' ? message.html.toString('latin1') : ''),
  text: (message) => (message.kind === 'email' ? message.text.toString('latin1') : inBytes(message.text)),
  title: (message) => inBytes(titleOf(message).slice(0, longestTitle)),
};

/** The title in the template, or else the first line of the text. */
function titleOf(message: Message): string {
  const title = message.kind === 'text' ? message.title : undefined;
  return title ?? message.text.toString().split('\n', 1)[0] ?? '';
}
