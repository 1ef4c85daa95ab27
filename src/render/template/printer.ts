import type { ByteWriter } from './byteWriter.ts';
import type { TemplateNode } from './templateNode.ts';
import { isAllowedUrl, type UrlPlace } from './urlAttributes.ts';

/** What a template prints from: texts, lists of scopes, and what an `#if` asks. */
export type Scope = Readonly<Record<string, unknown>>;

/** Prints one view into `out`. @throws TypeError if the view lacks what the template prints */
export type Printer = (view: Scope, out: ByteWriter) => void;

/** How values reach the output: `html` escapes each of them, `text` prints them as they are. */
export type OutputKind = 'html' | 'text';

/** Turns a checked template into a function; its fixed parts are encoded here, once. */
export function createPrinter(nodes: readonly TemplateNode[], output: OutputKind): Printer {
  const prints = nodes.map((node) => nodePrinter(node, output));
  return (scope, out) => {
    for (const print of prints) print(scope, out);
  };
}

function nodePrinter(node: TemplateNode, output: OutputKind): Printer {
  switch (node.kind) {
    case 'text':
      return textPrinter(node.text);
    case 'value':
      return valuePrinter(node, output);
    case 'if': {
      const [body, otherwise] = [createPrinter(node.body, output), createPrinter(node.otherwise, output)];
      return (scope, out) => (isTrue(scope[node.name]) ? body : otherwise)(scope, out);
    }
    case 'each': {
      const [body, otherwise] = [createPrinter(node.body, output), createPrinter(node.otherwise, output)];
      return eachPrinter(node.name, body, otherwise);
    }
    default:
      return node satisfies never;
  }
}

function textPrinter(text: string): Printer {
  const bytes = Buffer.from(text, 'utf8');
  return (_scope, out) => out.writeBytes(bytes);
}

function valuePrinter({ name, url }: ValueNode, output: OutputKind): Printer {
  const textOf = (scope: Scope): string => {
    const value = scope[name];
    if (value === null) return '';
    if (typeof value !== 'string') throw new TypeError(`{{${name}}} is no text`);
    return value;
  };
  if (url !== undefined) return (scope, out) => out.writeEscaped(urlText(textOf(scope), name, url));
  return output === 'html'
    ? (scope, out) => out.writeEscaped(textOf(scope))
    : (scope, out) => out.writeText(textOf(scope));
}

type ValueNode = Extract<TemplateNode, { kind: 'value' }>;

/** A value as it may stand in a URL. @throws TypeError for one that would be a URL of another scheme */
function urlText(text: string, name: string, place: UrlPlace): string {
  switch (place) {
    case 'start':
      if (text !== '' && !isAllowedUrl(text)) {
        throw new TypeError(`{{${name}}} is no http(s), mailto or tel URL`);
      }
      return text;
    case 'http':
      return encodeURIComponent(text);
    case 'contact':
      return encodeURIComponent(text).replaceAll('%40', '@').replaceAll('%2B', '+');
    default:
      return place satisfies never;
  }
}

function eachPrinter(name: string, body: Printer, otherwise: Printer): Printer {
  return (scope, out) => {
    const items: unknown = scope[name];
    if (!Array.isArray(items)) throw new TypeError(`{{#each ${name}}} is no list`);
    if (items.length === 0) otherwise(scope, out);
    for (const item of items) body(item, out);
  };
}

// As in Handlebars: an empty list is false.
function isTrue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
