import { type Channel, channelNames, channels } from '../../channels.ts';
import { BillcastError } from '../../errors.ts';
import { sampleBillView, sampleSmsView } from '../bill/sampleBill.ts';
import { checkPlaceholders } from './checkPlaceholders.ts';
import { compileMjml } from './compileMjml.ts';
import { parseTemplate } from './parseTemplate.ts';
import type { Scope } from './printer.ts';
import type {
  EmailTemplates,
  TemplateFile,
  TemplateSources,
  Templates,
  TextTemplates,
} from './templateFiles.ts';
import type { TemplateNode, TemplateProblem } from './templateNode.ts';
import { checkUrls, markUrls } from './urlAttributes.ts';

/**
 * Compiles the templates, once per start, and checks every placeholder against the sample bill.
 * @throws BillcastError TEMPLATE_INVALID with each file, each line and what to do there
 */
export async function compileTemplates(sources: TemplateSources): Promise<Templates> {
  const problems: string[] = [];
  const compiled: [Channel, EmailTemplates | TextTemplates][] = [];
  const of = (file: TemplateFile, { nodes, problems: found }: Checked): readonly TemplateNode[] => {
    problems.push(...found.map(({ line, message }) => `templates/${file}:${line}: ${message}`));
    return nodes;
  };
  for (const channel of channelNames) compiled.push([channel, await compileMessage(channel, sources, of)]);
  if (problems.length > 0) throw new BillcastError('TEMPLATE_INVALID', problems.join('\n'));
  return Object.fromEntries(compiled) as Templates;
}

async function compileMessage(
  channel: Channel,
  sources: TemplateSources,
  of: (file: TemplateFile, checked: Checked) => readonly TemplateNode[],
): Promise<EmailTemplates | TextTemplates> {
  const { message } = channels[channel];
  switch (message.kind) {
    case 'email': {
      const { kind, html, text, subject } = message;
      const view = sampleBillView();
      return {
        kind,
        html: of(html, await checkMjml(sources[html], view)),
        text: of(text, checkText(sources[text], view)),
        subject: of(subject, checkText(oneLine(sources[subject]), view)),
      };
    }
    case 'text': {
      const { kind, text } = message;
      return { kind, text: of(text, checkText(sources[text].trimEnd(), sampleSmsView())) };
    }
    default:
      return message satisfies never;
  }
}

interface Checked {
  readonly nodes: readonly TemplateNode[];
  readonly problems: readonly TemplateProblem[];
}

function checkText(source: string, view: Scope): Checked {
  if (source.trim() === '') return { nodes: [], problems: [{ line: 1, message: 'the template is empty' }] };
  const parsed = parseTemplate(source);
  return parsed.kind === 'refused'
    ? { nodes: [], problems: parsed.problems }
    : { nodes: parsed.nodes, problems: checkPlaceholders(parsed.nodes, view) };
}

async function checkMjml(source: string, view: Scope): Promise<Checked> {
  // First as it stands, because MJML moves the lines.
  const before = checkText(source, view);
  const problems = [...before.problems, ...checkUrls(source)];
  if (problems.length > 0) return { nodes: [], problems };
  const compiled = await compileMjml(source);
  if (compiled.kind === 'refused') return { nodes: [], problems: compiled.problems };
  const after = checkText(compiled.html, view);
  return {
    nodes: markUrls(after.nodes),
    problems: [...after.problems, ...checkUrls(compiled.html), ...droppedFrom(before.nodes, after.nodes)],
  };
}

/** What MJML left out: it drops what stands between its elements. */
function droppedFrom(
  before: readonly TemplateNode[],
  after: readonly TemplateNode[],
): readonly TemplateProblem[] {
  const left = placeholdersOf(after).map(nameOf);
  return placeholdersOf(before).flatMap((placeholder) => {
    const at = left.indexOf(nameOf(placeholder));
    if (at !== -1) left.splice(at, 1);
    return at !== -1
      ? []
      : [
          {
            line: placeholder.line,
            message: `MJML drops {{${placeholder.name}}} here: put it inside of mj-text or mj-table`,
          },
        ];
  });
}

type Placeholder = Exclude<TemplateNode, { kind: 'text' }>;

function nameOf({ kind, name }: Placeholder): string {
  return `${kind} ${name}`;
}

function placeholdersOf(nodes: readonly TemplateNode[]): Placeholder[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'text') return [];
    return node.kind === 'value'
      ? [node]
      : [node, ...placeholdersOf(node.body), ...placeholdersOf(node.otherwise)];
  });
}

/** A subject is a header: a line break in it would begin another one. */
function oneLine(source: string): string {
  return source.trim().replace(/\s*[\r\n]+\s*/g, ' ');
}
