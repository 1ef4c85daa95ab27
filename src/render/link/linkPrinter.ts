import type { Scope } from '../template/printer.ts';
import type { TemplateNode } from '../template/templateNode.ts';
import type { LinkingBill, ViewLinks } from './viewLinks.ts';

/** Adds the link to a view. */
export type AddLink = (view: Scope, bill: LinkingBill) => Scope;

/** If a message has no link, or links are off, nothing is made and nothing is signed. */
export function createAddLink(
  links: ViewLinks | undefined,
  ...templates: readonly (readonly TemplateNode[])[]
): AddLink {
  return links === undefined || !templates.some(namesLink)
    ? (view) => view
    : (view, bill) => ({ ...view, viewUrl: links.urlOf(bill) });
}

function namesLink(nodes: readonly TemplateNode[]): boolean {
  return nodes.some((node) => {
    if (node.kind === 'text') return false;
    if (node.name === 'viewUrl') return true;
    return node.kind !== 'value' && (namesLink(node.body) || namesLink(node.otherwise));
  });
}
