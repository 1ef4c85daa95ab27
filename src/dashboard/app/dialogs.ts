import { signal } from '@preact/signals';
import { type ComponentChild, h, type JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { common } from '../words/commonWords.ts';
import { say } from '../words/language.ts';

interface Opened {
  readonly title: string;
  readonly body: () => ComponentChild;
}

const opened = signal<Opened | null>(null);

/** Read out once by a screen reader, when something happened that the reader asked for. */
export const announcement = signal('');

export function openDialog(title: string, body: () => ComponentChild): void {
  opened.value = { title, body };
}

export function closeDialog(): void {
  opened.value = null;
}

export function isDialogOpen(): boolean {
  return opened.value !== null;
}

/** The one dialog of the page. The browser gives the focus back to whatever opened it. */
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
    const opener = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (opener instanceof HTMLElement) focusOn(opener);
    };
  }, []);
  return h(
    'dialog',
    { ref: element, 'aria-labelledby': 'dialog-title', onClose: () => hide(shown) },
    h(
      'header',
      null,
      h('h2', { id: 'dialog-title' }, title),
      h(
        'button',
        { type: 'button', class: 'plain', 'aria-label': say(common.close), onClick: closeDialog },
        '×',
      ),
    ),
    h('div', { class: 'dialog-body' }, h(body, null)),
  );
}

/**
 * Gives the focus back to the button that opened the dialog. If the dialog's effect soon removes that button,
 * the focus moves to the content, not to the top of the page.
 */
function focusOn(opener: HTMLElement): void {
  opener.focus();
  const content = document.querySelector('main');
  if (content === null) return;
  const watcher = new MutationObserver(() => {
    const { activeElement } = document;
    if (activeElement === opener) return;
    watcher.disconnect();
    if (!opener.isConnected && activeElement === document.body) content.focus();
  });
  watcher.observe(content, { childList: true, subtree: true });
}

/** Closes a dialog, unless another one has replaced it meanwhile. */
function hide(shown: Opened): void {
  if (opened.peek() === shown) closeDialog();
}
