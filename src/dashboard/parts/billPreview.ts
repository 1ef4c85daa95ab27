import { h, type JSX } from 'preact';
import { useState } from 'preact/hooks';
import { billWords } from '../words/billWords.ts';
import { say } from '../words/language.ts';

const forms = [
  ['html', billWords.email],
  ['txt', billWords.text],
  ['sms', billWords.short],
] as const;

/**
 * Shows the message as it is sent, in a frame that can run nothing and connect nowhere. Each look is
 * recorded.
 */
export function BillPreview({ billId }: { readonly billId: string }): JSX.Element {
  const [shown, show] = useState<(typeof forms)[number][0] | null>(null);
  return h(
    'section',
    { class: 'panel preview', 'aria-labelledby': 'preview-title' },
    h('h2', { id: 'preview-title' }, say(billWords.preview)),
    h('p', { class: 'quiet' }, say(billWords.previewNote)),
    h(
      'div',
      { class: 'buttons', role: 'group', 'aria-labelledby': 'preview-title' },
      forms.map(([form, name]) =>
        h(
          'button',
          { key: form, type: 'button', 'aria-pressed': shown === form, onClick: () => show(form) },
          say(name),
        ),
      ),
    ),
    shown !== null &&
      h('iframe', {
        key: shown,
        sandbox: '',
        title: say(billWords.preview),
        src: `/api/v1/bills/${encodeURIComponent(billId)}/preview.${shown}`,
        class: `preview-${shown}`,
      }),
  );
}
