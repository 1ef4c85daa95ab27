import type { CheerioAPI } from 'cheerio';
import { contrastOf, neededContrast, readColor } from './contrast.ts';

/** A text with too little contrast to its background. */
export interface WeakContrast {
  readonly color: string;
  readonly background: string;
  readonly ratio: number;
  readonly needed: number;
  /** The beginning of the text. */
  readonly sample: string;
}

/**
 * Finds pairs of text and background colour below WCAG AA, each pair once. Texts over pictures, and in
 * colours that `readColor` does not know, cannot be judged and are left out.
 * @param $ a document with all styles in its elements
 */
export function findContrasts($: CheerioAPI): WeakContrast[] {
  const weak = $('body')
    .get()
    .flatMap((body) => weakIn(body, initial));
  return [...new Map(weak.map((one) => [`${one.color} ${one.background}`, one])).values()];
}

function weakIn(node: HtmlNode, outer: Surroundings): WeakContrast[] {
  if (node.type === 'text') return judge(node.data ?? '', outer);
  const inner = node.name === undefined ? outer : surroundingsOf(node, outer);
  return inner === undefined ? [] : (node.children ?? []).flatMap((child) => weakIn(child, inner));
}

/** A node of cheerio's document. */
interface HtmlNode {
  readonly type: string;
  readonly name?: string;
  readonly data?: string;
  readonly attribs?: Readonly<Record<string, string>>;
  readonly children?: readonly HtmlNode[];
}

/** The styles that an element passes on to the text in it. */
interface Surroundings {
  readonly color: string;
  /** Undefined over a picture. */
  readonly background: string | undefined;
  readonly fontPixels: number;
  readonly isBold: boolean;
}

const initial: Surroundings = { color: '#000000', background: '#ffffff', fontPixels: 16, isBold: false };

function judge(text: string, { color, background, fontPixels, isBold }: Surroundings): WeakContrast[] {
  if (!/[\p{L}\p{N}]/u.test(text) || background === undefined) return [];
  const [front, back] = [readColor(color), readColor(background)];
  if (front === undefined || back === undefined) return [];
  const [ratio, needed] = [contrastOf(front, back), neededContrast(fontPixels, isBold)];
  if (ratio >= needed) return [];
  return [{ color, background, ratio, needed, sample: text.trim().slice(0, 30) }];
}

/** Undefined if the element is not shown, such as the preview text for a mail program. */
function surroundingsOf(
  { name = '', attribs = {} }: HtmlNode,
  outer: Surroundings,
): Surroundings | undefined {
  const styles = stylesOf(attribs.style ?? '');
  const size = styles.get('font-size');
  if (name === 'style' || name === 'script') return undefined;
  if (styles.get('display') === 'none' || styles.get('visibility') === 'hidden') return undefined;
  return {
    color: styles.get('color') ?? attribs.color ?? outer.color,
    background: backgroundOf(attribs, styles, outer.background),
    fontPixels: size?.endsWith('px') ? Number.parseFloat(size) : outer.fontPixels,
    isBold: isBoldIn(name, styles.get('font-weight')) ?? outer.isBold,
  };
}

function isBoldIn(name: string, weight: string | undefined): boolean | undefined {
  if (weight !== undefined) return weight === 'bold' || Number(weight) >= 700;
  return /^(?:b|strong|th|h[1-6])$/.test(name) ? true : undefined;
}

function backgroundOf(
  attribs: Readonly<Record<string, string>>,
  styles: ReadonlyMap<string, string>,
  outer: string | undefined,
): string | undefined {
  const shorthand = styles.get('background') ?? '';
  if (/url\(|gradient\(/.test(shorthand + (styles.get('background-image') ?? ''))) return undefined;
  if (attribs.background !== undefined) return undefined;
  const color =
    styles.get('background-color') ??
    (shorthand === 'none' || shorthand === '' ? attribs.bgcolor : shorthand);
  return color === undefined || color === '' || color === 'transparent' ? outer : color;
}

function stylesOf(style: string): Map<string, string> {
  return new Map(
    style.split(';').flatMap((rule) => {
      const colon = rule.indexOf(':');
      const value = rule
        .slice(colon + 1)
        .replace(/\s*!important/, '')
        .trim();
      return colon === -1 ? [] : [[rule.slice(0, colon).trim().toLowerCase(), value] as const];
    }),
  );
}
