/**
 * Whatever has the focus may go away: a button whose work is done, a link whose page has changed. The browser
 * then begins again at the top of the page. Here the dialog gets the focus, or the heading of the content.
 */
export function keepFocus(): void {
  let last: Element | null = null;
  document.addEventListener('focusin', ({ target }) => {
    last = target instanceof Element ? target : null;
  });
  const watcher = new MutationObserver(() => {
    if (last === null || last.isConnected || document.activeElement !== document.body) return;
    last = null;
    focusContent();
  });
  watcher.observe(document.body, { childList: true, subtree: true });
}

/** Where reading goes on. */
export function focusContent(): void {
  const places = ['dialog[open]', 'main h1[tabindex]', 'main'];
  const place = places.map((name) => document.querySelector(name)).find((found) => found !== null);
  if (place instanceof HTMLElement) place.focus({ preventScroll: true });
}
