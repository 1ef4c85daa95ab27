import { type Channel, channelNames, channels } from '../../channels.ts';
import { BillcastError } from '../../errors.ts';
import type { SampleViews } from '../bill/billModel.ts';
import { checkButtons } from './checkButtons.ts';
import { checkPlaceholders } from './checkPlaceholders.ts';
import { compileMjml } from './compileMjml.ts';
import { droppedFrom } from './droppedFrom.ts';
import { type ExpandedSource, expandParts, type FileProblem } from './expandParts.ts';
import { readWords, wordsFile } from './languageWords.ts';
import { parseTemplate } from './parseTemplate.ts';
import type { Scope } from './printer.ts';
import {
  buttonsFile,
  type EmailTemplates,
  isUsed,
  type LanguageTemplates,
  languageFiles,
  languagesOf,
  missingFilesOf,
  pdfFile,
  type TemplateSet,
  type Templates,
  type TextTemplates,
  titleFile,
} from './templateFiles.ts';
import type { TemplateNode, TemplateProblem } from './templateNode.ts';
import { languageVersions, templateVersion } from './templateVersion.ts';
import { checkUrls, markUrls } from './urlAttributes.ts';

/**
 * Compiles the messages of all languages, once per start, and checks every placeholder against the views of
 * the sample bill.
 * @throws BillcastError TEMPLATE_INVALID with each file, each line and what to do there
 */
export async function compileTemplates(set: TemplateSet, given: SampleViews): Promise<Templates> {
  const problems = problemsOfFiles(set);
  const views = { email: { ...noLink, ...given.email }, text: { ...noLink, ...given.text } };
  const languages: [string, LanguageTemplates][] = [];
  for (const { language, hash: version } of problems.length > 0 ? [] : languageVersions(set)) {
    languages.push([language, { version, ...(await compileLanguage({ set, views, language, problems })) }]);
  }
  if (problems.length > 0) {
    const lines = problems.map(({ file, line, message }) => `${set.folder}/${file}:${line}: ${message}`);
    throw new BillcastError('TEMPLATE_INVALID', [...new Set(lines)].join('\n'));
  }
  const { name, defaultLanguage } = set;
  return { name, version: templateVersion(set), defaultLanguage, languages: Object.fromEntries(languages) };
}

/** Every template may name it. Without links it has no value. */
const noLink = { viewUrl: null };

/** Files that are missing, and files that no message uses, most likely because of a typo. */
function problemsOfFiles(set: TemplateSet): FileProblem[] {
  const { files, defaultLanguage } = set;
  const languages = languagesOf(set);
  const missing = [...new Set([defaultLanguage, ...languages])].flatMap((language) =>
    set.channels.flatMap((channel) =>
      missingFilesOf(channel, language, set).map((file) => `${language}/${file}`),
    ),
  );
  return [
    ...missing.map((file) => ({ file, line: 1, message: 'the file is missing: put it there' })),
    ...Object.keys(files)
      .filter((file) => !isUsed(file))
      .map((file) => ({
        file,
        line: 1,
        message: `no message uses this file: rename it to one of ${fileNames}`,
      })),
  ];
}

const fileNames = [...languageFiles, 'parts/*'].join(', ');

interface Compilation {
  readonly set: TemplateSet;
  readonly views: SampleViews;
  readonly language: string;
  readonly problems: FileProblem[];
}

async function compileLanguage(compilation: Compilation): Promise<Omit<LanguageTemplates, 'version'>> {
  const compiled: [Channel, EmailTemplates | TextTemplates][] = [];
  const { set, language, problems } = compilation;
  const printed = channelNames.filter((channel) => missingFilesOf(channel, language, set).length === 0);
  for (const channel of printed) compiled.push([channel, await compileMessage(channel, compilation)]);
  const file = `${language}/${wordsFile}`;
  const { words, problems: wrong } = readWords(language, set.files[file]);
  problems.push(...wrong.map((problem) => ({ ...problem, file })));
  return { words, messages: Object.fromEntries(compiled) as LanguageTemplates['messages'] };
}

async function compileMessage(
  channel: Channel,
  compilation: Compilation,
): Promise<EmailTemplates | TextTemplates> {
  const { message } = channels[channel];
  switch (message.kind) {
    case 'email': {
      const { kind, html, text, subject } = message;
      const view = compilation.views.email;
      return {
        kind,
        html: await nodesOf(compilation, html, (source) => checkMjml(source, view)),
        text: await nodesOf(compilation, text, (source) => checkText(source, view)),
        subject: await nodesOf(compilation, subject, (source) => checkText(oneLine(source), view)),
        ...(await pdfOf(compilation)),
      };
    }
    case 'text': {
      const { kind, text, otherwise = text } = message;
      const { set, language, views } = compilation;
      const check = (source: string) => checkText(source.trimEnd(), views.text);
      const file = Object.hasOwn(set.files, `${language}/${text}`) ? text : otherwise;
      return {
        kind,
        text: await nodesOf(compilation, file, check),
        ...(await titleOf(channel, compilation)),
        ...(await buttonsOf(channel, compilation)),
      };
    }
    default:
      return message satisfies never;
  }
}

async function titleOf(channel: Channel, compilation: Compilation): Promise<Pick<TextTemplates, 'title'>> {
  const { set, language, views } = compilation;
  const hasTitle =
    channels[channel].forms.includes('lms') && Object.hasOwn(set.files, `${language}/${titleFile}`);
  if (!hasTitle) return {};
  return { title: await nodesOf(compilation, titleFile, (source) => checkText(oneLine(source), views.text)) };
}

async function buttonsOf(
  channel: Channel,
  compilation: Compilation,
): Promise<Pick<TextTemplates, 'buttons'>> {
  const { set, language, views } = compilation;
  const hasButtons =
    channels[channel].forms.includes('alimtalk') && Object.hasOwn(set.files, `${language}/${buttonsFile}`);
  if (!hasButtons) return {};
  return {
    buttons: await nodesOf(compilation, buttonsFile, (source) =>
      checkButtons(checkText(source, views.text), views.text),
    ),
  };
}

async function pdfOf(compilation: Compilation): Promise<Pick<EmailTemplates, 'pdf'>> {
  const { set, language, views } = compilation;
  if (!Object.hasOwn(set.files, `${language}/${pdfFile}`)) return {};
  return { pdf: await nodesOf(compilation, pdfFile, (source) => checkText(source, views.email)) };
}

interface Checked {
  readonly nodes: readonly TemplateNode[];
  readonly problems: readonly TemplateProblem[];
}

/** Inserts the parts into a file and compiles it. Problems name the file and line. */
async function nodesOf(
  { set, language, problems }: Compilation,
  name: string,
  check: (source: string) => Checked | Promise<Checked>,
): Promise<readonly TemplateNode[]> {
  const expanded = expandParts(set, `${language}/${name}`);
  problems.push(...expanded.problems);
  if (expanded.problems.length > 0) return [];
  const checked = await check(expanded.text);
  problems.push(...checked.problems.map((problem) => placed(problem, expanded)));
  return checked.nodes;
}

function placed({ line, message }: TemplateProblem, { lines }: ExpandedSource): FileProblem {
  const { file, line: ofFile } = lines[line - 1] ?? lines[0] ?? { file: '', line };
  return { file, line: ofFile, message };
}
function checkText(source: string, view: Scope): Checked {
  if (source.trim() === '') return { nodes: [], problems: [{ line: 1, message: 'the template is empty' }] };
  const parsed = parseTemplate(source);
  return parsed.kind === 'refused'
    ? { nodes: [], problems: parsed.problems }
    : { nodes: parsed.nodes, problems: checkPlaceholders(parsed.nodes, view) };
}

async function checkMjml(source: string, view: Scope): Promise<Checked> {
  // Checked before MJML, because MJML moves the lines.
  const before = checkText(source, view);
  const problems = [...before.problems, ...checkUrls(source), ...includesIn(source)];
  if (problems.length > 0) return { nodes: [], problems };
  const compiled = await compileMjml(source);
  if (compiled.kind === 'refused') return { nodes: [], problems: compiled.problems };
  const after = checkText(compiled.html, view);
  return {
    nodes: markUrls(after.nodes),
    problems: [
      ...[...after.problems, ...checkUrls(compiled.html)].map(ofOutput),
      ...droppedFrom(before.nodes, after.nodes),
    ],
  };
}

/** Refused, because MJML would silently leave them out. */
function includesIn(source: string): TemplateProblem[] {
  return source
    .split('\n')
    .flatMap((text, index) =>
      text.includes('<mj-include')
        ? [{ line: index + 1, message: 'mj-include is not followed: write {{> name}} for parts/name.mjml' }]
        : [],
    );
}

/** Without its line number, which counts in MJML's output and not in the template. */
function ofOutput({ message }: TemplateProblem): TemplateProblem {
  return { line: 1, message: `in the HTML that MJML makes of it: ${message}` };
}

/** A subject is a header: a line break in it would begin another header. */
function oneLine(source: string): string {
  return source.trim().replace(/\s*[\r\n]+\s*/g, ' ');
}
