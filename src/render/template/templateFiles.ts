import { type Channel, channelNames, channels, type PerChannel } from '../../channels.ts';
import { type LanguageWords, wordsFile } from './languageWords.ts';
import type { TemplateNode } from './templateNode.ts';

/** The folder of one template as it was read: one folder per language in it, and `parts` that all may use. */
export interface TemplateSet {
  /** `TEMPLATE`: the folder's name. */
  readonly name: string;
  /** What messages call the folder: `templates/bill`. */
  readonly folder: string;
  /** `TEMPLATE_LANGUAGE`: of members without a language, or with one that has no folder. */
  readonly defaultLanguage: string;
  /** The text of each file by its path in the folder: `ko/email.mjml`, `parts/footer.txt`. */
  readonly files: Readonly<Record<string, string>>;
}

/** A compiled and checked template: plain values, so that a thread can be given it. */
export interface Templates {
  readonly name: string;
  /** See `templateVersion.ts`. */
  readonly version: string;
  readonly defaultLanguage: string;
  readonly languages: Readonly<Record<string, LanguageTemplates>>;
}

/** One language. */
export interface LanguageTemplates {
  /** Of its files, see `templateVersion.ts`. */
  readonly version: string;
  readonly words: LanguageWords;
  readonly messages: PerChannel<EmailTemplates | TextTemplates>;
}

export interface EmailTemplates {
  readonly kind: 'email';
  readonly html: readonly TemplateNode[];
  readonly text: readonly TemplateNode[];
  readonly subject: readonly TemplateNode[];
  /** If the language has the file. */
  readonly pdf?: readonly TemplateNode[];
}

export interface TextTemplates {
  readonly kind: 'text';
  readonly text: readonly TemplateNode[];
  /** If the language has the file, and the channel long texts with a title. */
  readonly title?: readonly TemplateNode[];
  /** If the language has the file, and the channel buttons. */
  readonly buttons?: readonly TemplateNode[];
}

/** Where the parts are that several files use, for all languages or for one. */
export const partsFolder = 'parts';

/** The languages that a template has a folder for. */
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

/** What the PDF of an e-mail is made of. A language needs it only with `ATTACH_PDF`. */
export const pdfFile = 'pdf.txt';

/** The title of an SMS that is too long and goes out as LMS. A language need not have it. */
export const titleFile = 'sms.title.txt';

/** The buttons of an AlimTalk, a line each: `name | address`. A language need not have it. */
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
