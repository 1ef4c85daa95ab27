import { load } from 'cheerio/slim';
import juice from 'juice';
import type { RenderedEmail } from '../../render/bill/renderedBill.ts';
import { templateWarning } from '../../render/bill/templateWarning.ts';
import { createByteWriter } from '../../render/template/byteWriter.ts';
import { createPrinter, type Scope } from '../../render/template/printer.ts';
import type { EmailTemplates, TemplateSet, TextTemplates } from '../../render/template/templateFiles.ts';
import { type RenderDeps, renderIn } from '../preview.ts';
import { findContrasts } from './findContrasts.ts';
import { findHtmlFaults } from './findHtmlFaults.ts';
import { findWords } from './findWords.ts';
import { gmailBytes, subjectCharacters } from './messageSizes.ts';

export interface ReviewDeps extends RenderDeps {
  readonly set: TemplateSet;
}

/**
 * Finds what makes a message hard to read, cut off, expensive, or taken for spam or an advertisement. Such a
 * template still compiles and can be sent.
 * @returns one sentence each, with file and line if they are known
 */
export function reviewTemplate(deps: ReviewDeps): string[] {
  const { set, templates, model, writePdf, config } = deps;
  const warning = templateWarning({ ...config.billModel, templates, model, writePdf });
  const ofLanguages = Object.keys(templates.languages).flatMap((language) => [
    ...reviewEmail(renderSample(deps, language), language, set),
    ...reviewLength(deps, language),
  ]);
  return [...reviewWords(set), ...(warning === undefined ? [] : [warning]), ...ofLanguages];
}

function reviewWords({ folder, files }: TemplateSet): string[] {
  return Object.entries(files).flatMap(([path, source]) =>
    findWords(source).map(({ word, line, why }) => `${folder}/${path}:${line}: "${word}": ${why}`),
  );
}

function reviewEmail(email: RenderedEmail | undefined, language: string, set: TemplateSet): string[] {
  if (email === undefined) return [];
  const file = `${set.folder}/${language}/email`;
  const $ = load(juice(email.html.toString(), { removeStyleTags: false }));
  const length = [...email.subject].length;
  return [
    ...(length > subjectCharacters
      ? [`${file}.subject.txt:1: ${length} characters; phones show about ${subjectCharacters}`]
      : []),
    ...findHtmlFaults($).map((fault) => `${file}.mjml:1: ${fault}`),
    ...findContrasts($).map(
      ({ color, background, ratio, needed, sample }) =>
        `${placeOf(color, language, set)}: ${color} on ${background} has a contrast of ${ratio.toFixed(1)}, ` +
        `and needs ${needed} (WCAG AA): "${sample}"`,
    ),
  ];
}

/** The first line that names a colour, in the e-mail of the language or in a part. */
function placeOf(color: string, language: string, { folder, files }: TemplateSet): string {
  const own = Object.keys(files).filter((path) => path.endsWith('.mjml') && isOf(path, language));
  for (const path of own) {
    const line = (files[path] ?? '').split('\n').findIndex((text) => text.toLowerCase().includes(color));
    if (line !== -1) return `${folder}/${path}:${line + 1}`;
  }
  return `${folder}/${language}/email.mjml:1`;
}

function isOf(path: string, language: string): boolean {
  return path.startsWith(`${language}/`) || path.startsWith('parts/');
}

/** Gmail cuts off long mails: warns if that happens with fewer items of a list than bills usually have. */
function reviewLength({ set, templates, model }: ReviewDeps, language: string): string[] {
  const view = model.sampleViews().email;
  const email = Object.values(templates.languages[language]?.messages ?? {}).find(isEmail);
  if (email === undefined) return [];
  const print = createPrinter(email.html, 'html');
  const bytesOf = (shown: Scope): number => {
    const out = createByteWriter(65_536);
    print(shown, out);
    return out.length;
  };
  const bytes = bytesOf(view);
  return Object.entries(view).flatMap(([name, list]) => {
    if (!Array.isArray(list) || list.length === 0) return [];
    const more = Array.from({ length: moreItems }, () => list[0]);
    const itemBytes = Math.max(1, (bytesOf({ ...view, [name]: [...list, ...more] }) - bytes) / moreItems);
    const most = Math.max(0, Math.floor((gmailBytes - bytes) / itemBytes) + list.length);
    const place = `${set.folder}/${language}/email.mjml:1`;
    return most >= usualItems
      ? []
      : [`${place}: Gmail cuts off bills with more than ${most} ${name}: make the HTML shorter`];
  });
}

const moreItems = 100;
const usualItems = 50;

function isEmail(templates: EmailTemplates | TextTemplates): templates is EmailTemplates {
  return templates.kind === 'email';
}

/** Renders the e-mail of the sample bill. */
function renderSample(deps: ReviewDeps, language: string): RenderedEmail | undefined {
  const { messages } = renderIn(language, deps.model.sampleText(deps.ciphers, null), deps);
  return Object.values(messages).find((message) => message.kind === 'email');
}
