import { type Channel, channelNames, channels, type PerChannel } from '../../channels.ts';
import { type LanguageWords, wordsFile } from './languageWords.ts';
import type { TemplateNode } from './templateNode.ts';

/** The files of a template: one folder per language, and `parts` that all languages may use. */
export interface TemplateSet {
  /** `TEMPLATE`: the folder's name. */
  readonly name: string;
  /** The folder's name in messages: `templates/bill`. */
  readonly folder: string;
  /** `TEMPLATE_LANGUAGE`: for members without a language, or with one that has no folder. */
  readonly defaultLanguage: string;
  /** The channels that are in use. Each language needs their files, and may have those of others. */
  readonly channels: readonly Channel[];
  /** The text of each file by its path in the folder: `ko/email.mjml`, `parts/footer.txt`. */
  readonly files: Readonly<Record<string, string>>;
}

/** A compiled and checked template: plain values, so that it can be passed to a thread. */
export interface Templates {
  readonly name: string;
  /** See `templateVersion.ts`. */
  readonly version: string;
  readonly defaultLanguage: string;
  readonly languages: Readonly<Record<string, LanguageTemplates>>;
}

/** One language. */
export interface LanguageTemplates {
  /** The version of its files, see `templateVersion.ts`. */
  readonly version: string;
  readonly words: LanguageWords;
  /** A channel whose files are missing has none. */
  readonly messages: Partial<PerChannel<EmailTemplates | TextTemplates>>;
}

export interface EmailTemplates {
  readonly kind: 'email';
  readonly html: readonly TemplateNode[];
  readonly text: readonly TemplateNode[];
  readonly subject: readonly TemplateNode[];
  /** Present if the language has the file. */
  readonly pdf?: readonly TemplateNode[];
}

export interface TextTemplates {
  readonly kind: 'text';
  readonly text: readonly TemplateNode[];
  /** Present if the language has the file, and the channel has long texts with a title. */
  readonly title?: readonly TemplateNode[];
  /** Present if the language has the file, and the channel has buttons. */
  readonly buttons?: readonly TemplateNode[];
}

/** The folder of parts that several files use, for all languages or inside one. */
export const partsFolder = 'parts';

/** The languages for which a template has a folder. */
export function languagesOf({ files }: Pick<TemplateSet, 'files'>): string[] {
  const folders = Object.keys(files).map((path) => path.slice(0, path.indexOf('/')));
  return [...new Set(folders)].filter((folder) => folder !== partsFolder && folder !== '').sort();
}

/** The files that a channel's messages are made of, by their names in the folder of a language. */
export function templateFilesOf(channel: Channel): string[] {
  const { message } = channels[channel];
  switch (message.kind) {
    case 'email':
      return [message.html, message.text, message.subject];
    case 'text':
      return [message.text];
    default:
      return message satisfies never;
  }
}

/** The files without which a language has no message of the channel. */
export function missingFilesOf(channel: Channel, language: string, { files }: Pick<TemplateSet, 'files'>) {
  const { message } = channels[channel];
  const has = (file: string): boolean => Object.hasOwn(files, `${language}/${file}`);
  if (message.kind === 'text' && message.otherwise !== undefined && has(message.otherwise)) return [];
  return templateFilesOf(channel).filter((file) => !has(file));
}

/** The source of an e-mail's PDF. A language needs it only with `ATTACH_PDF`. */
export const pdfFile = 'pdf.txt';

/** The title of texts that are too long for an SMS and go out as LMS. It is optional. */
export const titleFile = 'sms.title.txt';

/** The buttons of an AlimTalk, one per line: `name | address`. It is optional. */
export const buttonsFile = 'alimtalk.buttons.txt';

/** All files that the folder of a language may have. */
export const languageFiles = [
  ...channelNames.flatMap(templateFilesOf),
  titleFile,
  buttonsFile,
  pdfFile,
  wordsFile,
];

/** Whether a file of the folder is one that billcast reads. */
export function isUsed(path: string): boolean {
  const [folder, ...rest] = path.split('/');
  const isPart = folder === partsFolder ? rest.length === 1 : rest.length === 2 && rest[0] === partsFolder;
  return isPart || (rest.length === 1 && languageFiles.includes(rest[0] ?? ''));
}
