import type { TemplateNode, TemplateProblem } from './templateNode.ts';

/** The placeholders that MJML has dropped: it drops everything between its elements. */
export function droppedFrom(
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
            message: droppedMessage(placeholder),
          },
        ];
  });
}

function droppedMessage({ kind, name }: Placeholder): string {
  if (kind === 'value') return `MJML drops {{${name}}} here: put it inside of mj-text or mj-table`;
  const raw = `<mj-raw>{{#${kind} ${name}}}</mj-raw>`;
  return `MJML drops {{#${kind} ${name}}} here: write ${raw}, and <mj-raw>{{/${kind}}}</mj-raw> at its end`;
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
