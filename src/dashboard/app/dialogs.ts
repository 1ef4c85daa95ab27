import { signal } from '@preact/signals';
import { type ComponentChild, h, type JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { common } from '../words/commonWords.ts';
import { say } from '../words/language.ts';
import { focusContent } from './keepFocus.ts';

interface Opened {
  readonly title: string;
  readonly body: () => ComponentChild;
}

const opened = signal<Opened | null>(null);

/** What was focused before the first of several dialogs, each in place of the one before. */
let opener: Element | null = null;

/** Read out once by a screen reader, when something happened that the reader asked for. */
export const announcement = signal('');

/** A text that is the same as the last would not be said: nothing in the page would have changed. */
export function announce(text: string): void {
  announcement.value = announcement.peek() === text ? `${text}\u00a0` : text;
}

export function openDialog(title: string, body: () => ComponentChild): void {
  if (!isDialogOpen()) opener = document.activeElement;
  opened.value = { title, body };
}

export function closeDialog(): void {
  opened.value = null;
}

export function isDialogOpen(): boolean {
  return opened.value !== null;
}

/** The one dialog of the page. */
export function DialogHost(): JSX.Element | null {
  const shown = opened.value;
  return shown === null ? null : h(Dialog, { key: shown.title, shown });
}

function Dialog({ shown }: { readonly shown: Opened }): JSX.Element {
  const { title, body } = shown;
  const element = useRef<HTMLDialogElement>(null);
  // Opened before the next key press: otherwise a key could press a button behind the dialog.
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (opened.peek() === null) giveBack();
    };
  }, []);
  return h(
    'dialog',
    { ref: element, tabIndex: -1, 'aria-labelledby': 'dialog-title', onClose: () => hide(shown) },
    h('header', null, h('h2', { id: 'dialog-title' }, title)),
    h('div', { class: 'dialog-body' }, h(body, null)),
    // The last, so that a dialog opens on what it asks for.
    h(
      'button',
      { type: 'button', class: 'plain dialog-close', 'aria-label': say(common.close), onClick: closeDialog },
      '×',
    ),
  );
}

/** What the dialog did may have taken its button away: then the content has the focus. */
function giveBack(): void {
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  if (document.activeElement === document.body || opener === document.body) focusContent();
  opener = null;
}

/** Closes a dialog, unless another one has replaced it meanwhile. */
function hide(shown: Opened): void {
  if (opened.peek() === shown) closeDialog();
}
