import { escapeHtml } from '../../lib/escapeHtml.ts';
import { messageOf, type PreviewView } from './previewView.ts';

/** Which part of the messages is shown, and how. */
export interface PreviewChoice {
  readonly language: string;
  readonly channel: string;
  readonly part: string;
  readonly look: string;
}

/** `inverted`: what some mail programs do in dark mode to a bright message. */
const looks = ['light', 'dark', 'inverted'];
const widths = { phone: 375, desktop: 760 };

export function readChoice(query: URLSearchParams): PreviewChoice {
  const look = query.get('look') ?? '';
  return {
    language: query.get('language') ?? '',
    channel: query.get('channel') ?? '',
    part: query.get('part') === 'text' ? 'text' : 'html',
    look: looks.includes(look) ? look : 'light',
  };
}

/** The page around the messages. It reloads when the template changes. */
export function previewPage(view: PreviewView, choice: PreviewChoice, nonce: string): string {
  const body = view.kind === 'refused' ? refusedBody(view.message) : renderedBody(view, choice);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Preview</title><style>${styles}</style></head><body>${body}<script nonce="${nonce}">new EventSource('events').onmessage = () => location.reload()</script></body></html>`;
}

function refusedBody(message: string): string {
  const lines = message.split('\n').map((line) => `<li><code>${escapeHtml(line)}</code></li>`);
  return `<main><h1>The template cannot be used yet</h1><ul class="faults">${lines.join('')}</ul></main>`;
}

function renderedBody(view: Extract<PreviewView, { kind: 'rendered' }>, choice: PreviewChoice): string {
  const found = messageOf(view, choice);
  if (found === undefined) return refusedBody('there is no message');
  const { language, message } = found;
  const now = { ...choice, language, channel: message.channel };
  const channels = view.languages[0]?.messages.map(({ channel, label }) => ({ value: channel, label })) ?? [];
  const parts = message.rendered.kind === 'email' ? ['html', 'text'] : [];
  const sizes = Object.entries(message.sizes).map(
    ([name, size]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(size)}</dd>`,
  );
  const remarks = view.remarks.map((remark) => `<li>${escapeHtml(remark)}</li>`);
  return [
    `<header><h1>${escapeHtml(view.title)}</h1>`,
    links(
      now,
      'language',
      view.languages.map((one) => ({ value: one.language, label: one.language })),
    ),
    links(now, 'channel', channels),
    links(now, 'part', parts.map(plain)),
    links(now, 'look', looks.map(plain)),
    `<dl>${sizes.join('')}</dl></header>`,
    `<main class="frames">${Object.entries(widths)
      .map(([name, width]) => frame(now, name, width))
      .join('')}</main>`,
    remarks.length === 0
      ? ''
      : `<footer><h2>Look at these</h2><ul class="faults">${remarks.join('')}</ul></footer>`,
  ].join('');
}

interface Choosable {
  readonly value: string;
  readonly label: string;
}

function plain(value: string): Choosable {
  return { value, label: value };
}

function links(now: PreviewChoice, name: keyof PreviewChoice, choices: readonly Choosable[]): string {
  if (choices.length < 2) return '';
  const items = choices.map(({ value, label }) => {
    const current = now[name] === value ? ' aria-current="true"' : '';
    return `<a href="?${queryOf({ ...now, [name]: value })}"${current}>${escapeHtml(label)}</a>`;
  });
  return `<nav aria-label="${name}">${items.join('')}</nav>`;
}

function frame(now: PreviewChoice, name: string, width: number): string {
  const source = `part?${queryOf(now)}`;
  return `<figure><figcaption>${name}, ${width} px</figcaption><iframe class="${now.look}" title="${name}" sandbox src="${source}" width="${width}"></iframe></figure>`;
}

function queryOf(choice: PreviewChoice): string {
  return escapeHtml(new URLSearchParams({ ...choice }).toString());
}

const styles = `
:root { color-scheme: light; font: 15px/1.5 system-ui, sans-serif; color: #1b2430; background: #f3f5f8 }
body { margin: 0 }
header { display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: center; padding: 10px 20px }
header { background: #fff; border-bottom: 1px solid #d8dee6 }
h1 { font-size: 17px; margin: 0 }
h2 { font-size: 15px; margin: 0 0 8px }
nav { display: flex; border: 1px solid #c3ccd6; border-radius: 6px; overflow: hidden }
nav a { padding: 4px 12px; color: #1b2430; text-decoration: none }
nav a[aria-current] { background: #1d4fbf; color: #fff }
dl { display: flex; flex-wrap: wrap; gap: 4px 14px; margin: 0 }
dt { color: #55606e }
dd { margin: 0 14px 0 -8px; font-weight: 600 }
.frames { display: flex; flex-wrap: wrap; gap: 24px; padding: 20px }
figure { margin: 0 }
figcaption { color: #55606e; padding-bottom: 6px }
iframe { border: 1px solid #c3ccd6; background: #fff; height: 78vh; max-width: 100% }
iframe.dark { color-scheme: dark; background: #1b1b1b }
iframe.inverted { filter: invert(1) hue-rotate(180deg) }
main, footer { padding: 16px 20px }
.faults li { margin-bottom: 6px }
`;
