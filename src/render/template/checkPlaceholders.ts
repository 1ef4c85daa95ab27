import type { Scope } from './printer.ts';
import type { TemplateNode, TemplateProblem } from './templateNode.ts';

/**
 * Finds names in a template that a view does not have, in every branch, even in those that this view does not
 * take. `view` must have a value in every place, and an item in every list.
 */
export function checkPlaceholders(nodes: readonly TemplateNode[], view: Scope): TemplateProblem[] {
  return nodes.flatMap((node) => (node.kind === 'text' ? [] : problemsOf(node, view)));
}

function problemsOf(node: Exclude<TemplateNode, { kind: 'text' }>, view: Scope): readonly TemplateProblem[] {
  const { name, line } = node;
  const value = Object.hasOwn(view, name) ? view[name] : undefined;
  if (value === undefined) {
    return [{ line, message: `there is no "${name}" here; there are: ${Object.keys(view).join(', ')}` }];
  }
  if (node.kind === 'value') {
    if (value === null) return [{ line, message: whyNone(name) }];
    return typeof value === 'string'
      ? []
      : [{ line, message: `{{${name}}} is no text: ask it with #if or #each` }];
  }
  const otherwise = checkPlaceholders(node.otherwise, view);
  if (node.kind === 'if') {
    // Inside the condition, the value exists.
    const inside = value === null ? { ...view, [name]: '' } : view;
    return [...checkPlaceholders(node.body, inside), ...otherwise];
  }
  if (!Array.isArray(value)) return [{ line, message: `{{#each ${name}}} is no list` }, ...otherwise];
  return [...value.slice(0, 1).flatMap((item) => checkPlaceholders(node.body, item)), ...otherwise];
}

function whyNone(name: string): string {
  return (
    `{{${name}}} has no value with these settings (docs/templates.md): set them, or write ` +
    `{{#if ${name}}} and {{/if}} around it`
  );
}
