import Handlebars from 'handlebars';
import type { TemplateNode, TemplateProblem } from './templateNode.ts';

export type ParsedTemplate =
  | { readonly kind: 'parsed'; readonly nodes: readonly TemplateNode[] }
  | { readonly kind: 'refused'; readonly problems: readonly TemplateProblem[] };

/**
 * Reads the part of the Handlebars language that bills need: `{{name}}`, `{{#each list}}`, `{{#if name}}`,
 * `{{#unless name}}`, `{{else}}` and comments. Everything else is refused, with its line; so is `{{{name}}}`,
 * which would print unescaped.
 */
export function parseTemplate(source: string): ParsedTemplate {
  const problems: TemplateProblem[] = [];
  try {
    const nodes = nodesOf(Handlebars.parse(source), problems);
    return problems.length === 0 ? { kind: 'parsed', nodes } : { kind: 'refused', problems };
  } catch (error) {
    return { kind: 'refused', problems: [syntaxProblem(error)] };
  }
}

function nodesOf(program: hbs.AST.Program | undefined, problems: TemplateProblem[]): TemplateNode[] {
  return (program?.body ?? []).flatMap((statement) => nodeOf(statement, problems));
}

function nodeOf(statement: hbs.AST.Statement, problems: TemplateProblem[]): TemplateNode[] {
  const { line } = statement.loc.start;
  const refuse = (message: string): TemplateNode[] => {
    problems.push({ line, message });
    return [];
  };
  if (isContent(statement)) return statement.value === '' ? [] : [{ kind: 'text', text: statement.value }];
  if (statement.type === 'CommentStatement') return [];
  if (isMustache(statement)) {
    const name = nameOf(statement.path);
    if (name === undefined || statement.params.length > 0 || hasHash(statement)) {
      return refuse('only {{name}} prints a value: paths, helpers and parameters do not exist here');
    }
    if (!statement.escaped) return refuse(`{{{${name}}}} would print unescaped: write {{${name}}}`);
    return [{ kind: 'value', name, line }];
  }
  if (isBlock(statement)) return blockOf(statement, problems, refuse);
  return refuse('only {{name}}, {{#each}}, {{#if}}, {{#unless}} and comments exist here');
}

function blockOf(
  block: hbs.AST.BlockStatement,
  problems: TemplateProblem[],
  refuse: (message: string) => TemplateNode[],
): TemplateNode[] {
  const { line } = block.loc.start;
  const [parameter] = block.params;
  const name = parameter === undefined ? undefined : nameOf(parameter);
  if (name === undefined || block.params.length !== 1 || hasHash(block) || hasBlockParams(block)) {
    return refuse(`{{#${block.path.original}}} takes exactly one name: {{#each products}}`);
  }
  const body = nodesOf(block.program, problems);
  const otherwise = nodesOf(block.inverse, problems);
  switch (block.path.original) {
    case 'each':
      return [{ kind: 'each', name, line, body, otherwise }];
    case 'if':
      return [{ kind: 'if', name, line, body, otherwise }];
    case 'unless':
      return [{ kind: 'if', name, line, body: otherwise, otherwise: body }];
    default:
      return refuse(`there is no {{#${block.path.original}}}: only each, if and unless`);
  }
}

function isContent(node: hbs.AST.Node): node is hbs.AST.ContentStatement {
  return node.type === 'ContentStatement';
}

function isMustache(node: hbs.AST.Node): node is hbs.AST.MustacheStatement {
  return node.type === 'MustacheStatement';
}

function isBlock(node: hbs.AST.Node): node is hbs.AST.BlockStatement {
  return node.type === 'BlockStatement';
}

function isPath(node: hbs.AST.Node): node is hbs.AST.PathExpression {
  return node.type === 'PathExpression';
}

/** The name, if the expression is only a name: not `../name`, `@index`, `this` or `a.b`. */
function nameOf(expression: hbs.AST.Expression): string | undefined {
  if (!isPath(expression) || expression.data || expression.depth > 0) return undefined;
  const [name] = expression.parts;
  return expression.parts.length === 1 && expression.original === name ? name : undefined;
}

function hasHash(statement: hbs.AST.MustacheStatement | hbs.AST.BlockStatement): boolean {
  return (statement.hash?.pairs.length ?? 0) > 0;
}

function hasBlockParams(block: hbs.AST.BlockStatement): boolean {
  return (block.program?.blockParams?.length ?? 0) > 0;
}

/** Handlebars tells the place only in its message: `Parse error on line 3:` or `... - 3:14`. */
function syntaxProblem(error: unknown): TemplateProblem {
  const message = error instanceof Error ? error.message : String(error);
  const line = /on line (\d+)/.exec(message)?.[1] ?? / - (\d+):\d+$/.exec(message)?.[1];
  return {
    line: Number(line ?? 1),
    message: message.includes("'OPEN_ENDBLOCK', got 'EOF'")
      ? 'the file ends within an {{#each}}, {{#if}} or {{#unless}}: write its {{/each}}, {{/if}} or {{/unless}}'
      : message.replaceAll('\n', ' '),
  };
}
