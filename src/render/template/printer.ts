import type { ByteWriter } from './byteWriter.ts';
import { type Entities, htmlEntities, noEntities } from './encodeText.ts';
import type { TemplateNode, UrlPlace } from './templateNode.ts';
import { isAllowedUrl } from './urlAttributes.ts';

/** The values from which a template prints: texts, lists of scopes, and the conditions of `#if`. */
export type Scope = Readonly<Record<string, unknown>>;

/** Prints one view into `out`. @throws TypeError if the view lacks a value that the template prints */
export type Printer = (view: Scope, out: ByteWriter) => void;

/** How values are printed: `html` escapes them, `text` prints them as they are. */
export type OutputKind = 'html' | 'text';

/** Turns a checked template into a function. Its fixed parts are encoded here, once. */
export function createPrinter(nodes: readonly TemplateNode[], output: OutputKind): Printer {
  const program = programOf(nodes, output === 'html' ? htmlEntities : noEntities);
  return (scope, out) => print(program, scope, out);
}

/** Steps, and the fixed text after the last one. */
interface Program {
  readonly steps: readonly Step[];
  readonly end: Uint8Array;
}

/** All steps have the same fields in the same order, which makes a loop over them fast. */
interface Step {
  /** The fixed text before it. */
  readonly before: Uint8Array;
  readonly kind: 'value' | 'if' | 'each';
  readonly name: string;
  readonly entities: Entities;
  readonly url: UrlPlace | undefined;
  readonly body: Program;
  readonly otherwise: Program;
}

const nothing: Program = { steps: [], end: new Uint8Array() };

function programOf(nodes: readonly TemplateNode[], entities: Entities): Program {
  const steps: Step[] = [];
  let fixed = '';
  for (const node of nodes) {
    if (node.kind === 'text') {
      fixed += node.text;
      continue;
    }
    const { kind, name } = node;
    const isValue = node.kind === 'value';
    steps.push({
      before: Buffer.from(fixed),
      kind,
      name,
      entities,
      url: isValue ? node.url : undefined,
      body: isValue ? nothing : programOf(node.body, entities),
      otherwise: isValue ? nothing : programOf(node.otherwise, entities),
    });
    fixed = '';
  }
  return { steps, end: Buffer.from(fixed) };
}

/** A bill has about 120 values: a loop with one call per value takes half the time of a closure per node. */
function print({ steps, end }: Program, scope: Scope, out: ByteWriter): void {
  for (const step of steps) {
    switch (step.kind) {
      case 'value':
        out.write(step.before, textOf(scope, step), step.entities);
        break;
      case 'if':
        out.writeBytes(step.before);
        print(isTrue(scope[step.name]) ? step.body : step.otherwise, scope, out);
        break;
      case 'each':
        out.writeBytes(step.before);
        printEach(step, scope, out);
        break;
      default:
        step.kind satisfies never;
    }
  }
  out.writeBytes(end);
}

function textOf(scope: Scope, { name, url }: Step): string {
  const value = scope[name];
  if (value === null) return '';
  if (typeof value !== 'string') throw new TypeError(`{{${name}}} is no text`);
  return url === undefined ? value : urlText(value, name, url);
}

function printEach({ name, body, otherwise }: Step, scope: Scope, out: ByteWriter): void {
  const items: unknown = scope[name];
  if (!Array.isArray(items)) throw new TypeError(`{{#each ${name}}} is no list`);
  if (items.length === 0) print(otherwise, scope, out);
  for (const item of items) print(body, item, out);
}

/** A value in the form for a URL. @throws TypeError if it would make a URL with another scheme */
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

// As in Handlebars: an empty list is false.
function isTrue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
