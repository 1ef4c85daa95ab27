import type { Channel } from '../../channels.ts';
import type { RenderedBill } from '../../render/bill/renderedBill.ts';

/** What the preview page shows. */
export type PreviewView =
  | {
      readonly kind: 'rendered';
      /** `bill 42`, `the sample bill`. */
      readonly title: string;
      readonly languages: readonly PreviewedLanguage[];
      /** What a person should look at, one per line. */
      readonly remarks: readonly string[];
    }
  /** The template does not compile. */
  | { readonly kind: 'refused'; readonly message: string };

export interface PreviewedLanguage {
  readonly language: string;
  readonly messages: readonly PreviewedMessage[];
}

export interface PreviewedMessage {
  readonly channel: Channel;
  readonly label: string;
  readonly rendered: RenderedBill;
  /** The sizes of its parts, by name. */
  readonly sizes: Readonly<Record<string, string>>;
}

/** The message of a language and a channel; the first one if there is none. */
export function messageOf(
  view: Extract<PreviewView, { kind: 'rendered' }>,
  { language, channel }: { readonly language: string; readonly channel: string },
): { readonly language: string; readonly message: PreviewedMessage } | undefined {
  const chosen = view.languages.find((one) => one.language === language) ?? view.languages[0];
  const message = chosen?.messages.find((one) => one.channel === channel) ?? chosen?.messages[0];
  return chosen === undefined || message === undefined ? undefined : { language: chosen.language, message };
}

/** A part of a message in the form for a browser. */
export function contentOf(
  view: PreviewView,
  choice: { readonly language: string; readonly channel: string; readonly part: string },
): { readonly type: string; readonly content: string | Uint8Array } | undefined {
  if (view.kind === 'refused') return undefined;
  const rendered = messageOf(view, choice)?.message.rendered;
  const plain = 'text/plain; charset=utf-8';
  switch (rendered?.kind) {
    case undefined:
      return undefined;
    case 'email':
      return choice.part === 'text'
        ? { type: plain, content: rendered.text }
        : { type: 'text/html; charset=utf-8', content: rendered.html };
    case 'text':
      return { type: plain, content: rendered.text };
    case 'unpreparable':
      return { type: plain, content: `${rendered.reason}: ${rendered.detail}` };
    default:
      return rendered satisfies never;
  }
}
