import type { TemplateNode, TemplateProblem, UrlPlace } from './templateNode.ts';

/**
 * Finds URLs in a template that are not http(s), mailto or tel, and places where a value could become one: a
 * mail program runs `javascript:`, and a copied template may contain anything.
 */
export function checkUrls(source: string): TemplateProblem[] {
  return [...problemsOfTags(source), ...problemsOfStyles(source)];
}

/**
 * Marks the values that are in an attribute with a URL. `checkUrls` must have found nothing in the source.
 */
export function markUrls(nodes: readonly TemplateNode[]): readonly TemplateNode[] {
  let before = '';
  return nodes.map((node) => {
    switch (node.kind) {
      case 'text':
        before = (before + node.text).slice(-mostCharactersBefore);
        return node;
      case 'value': {
        const url = placeAfter(before);
        before += '{}';
        return url === undefined ? node : { ...node, url };
      }
      case 'if':
      case 'each':
        before = '';
        return { ...node, body: markUrls(node.body), otherwise: markUrls(node.otherwise) };
      default:
        return node satisfies never;
    }
  });
}

/** Whether a URL has a scheme that is allowed in a bill. */
export function isAllowedUrl(url: string): boolean {
  return allowed.test(url);
}

const allowed = /^(?:https?:\/\/|mailto:|tel:)/i;
const mostCharactersBefore = 2_000;

function placeAfter(before: string): UrlPlace | undefined {
  const [, name = '', doubled, single] = openAttribute.exec(before) ?? [];
  if (!takesUrl(name)) return undefined;
  const written = (doubled ?? single ?? '').trim();
  if (written === '') return 'start';
  return /^(?:mailto|tel):/i.test(written) ? 'contact' : 'http';
}

const openAttribute = /([\w:-]+)\s*=\s*(?:"([^"]*)|'([^']*))$/;

/** Attributes of HTML and of MJML, such as `background-url` and `thumbnails-src`. */
function takesUrl(name: string): boolean {
  return /(?:^|[-:])(?:href|src|srcset|url|background|action|formaction|poster|cite|longdesc|data|ping)$/i.test(
    name,
  );
}

const tag = /<[a-zA-Z](?:"[^"]*"|'[^']*'|[^"'>])*>/g;
const attribute = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g;

function problemsOfTags(source: string): TemplateProblem[] {
  return Array.from(source.matchAll(tag)).flatMap(({ 0: text, index }) => {
    if (/^<(?:script|base|iframe|object|embed)\b/i.test(text)) {
      return [
        { line: lineOf(source, index), message: `${/^<\w+/.exec(text)?.[0]}> has no place in an e-mail` },
      ];
    }
    return Array.from(text.matchAll(attribute)).flatMap(
      ({ 1: name = '', 2: doubled, 3: single, 4: bare, index: at }) => {
        const message = whyRefused(name, doubled ?? single ?? bare ?? '', bare !== undefined);
        return message === undefined ? [] : [{ line: lineOf(source, index + at), message }];
      },
    );
  });
}

function whyRefused(name: string, value: string, isBare: boolean): string | undefined {
  if (isBare && value.includes('{{')) return `write ${name}="${value}": a value with a blank would end it`;
  if (/^on|^srcdoc$/i.test(name)) return `${name} has no place in an e-mail`;
  if (/^content$/i.test(name) && /\burl\s*=/i.test(value)) return 'an e-mail leads nowhere by itself';
  if (!takesUrl(name)) return undefined;
  const urls = /srcset$/i.test(name)
    ? value.split(',').map((part) => part.trim().split(/\s/)[0] ?? '')
    : [value.trim()];
  return urls.map((url) => whyNoUrl(name, url)).find((message) => message !== undefined);
}

function whyNoUrl(name: string, url: string): string | undefined {
  if (/\{\{\s*[#/~]|\{\{\s*else/.test(url)) {
    return `${name} takes no blocks: write the whole element in each of them`;
  }
  const placeholder = url.indexOf('{{');
  if (placeholder === 0) return undefined;
  if (!isAllowedUrl(url)) return `${name} takes http(s), mailto and tel only`;
  const written = placeholder === -1 ? url : url.slice(0, placeholder);
  return placeholder === -1 || /^(?:mailto|tel):/i.test(written) || /^https?:\/\/[^/?#]+[/?#]/i.test(written)
    ? undefined
    : `${name} takes a value behind the host only, or as the whole URL`;
}

const styleUrl = /url\(\s*(?:["']|&quot;|&#39;)?\s*([^)]*)|@import\s+["']([^"']*)/gi;

function problemsOfStyles(source: string): TemplateProblem[] {
  return Array.from(source.matchAll(styleUrl)).flatMap(({ 1: url = '', 2: imported, index }) =>
    /^https?:\/\//i.test(imported ?? url) && !(imported ?? url).includes('{{')
      ? []
      : [{ line: lineOf(source, index), message: 'url() in a style takes http(s) only, and no values' }],
  );
}

function lineOf(source: string, index: number): number {
  return source.slice(0, index).split('\n').length;
}
