import { computed, signal } from '@preact/signals';

/** The address of the page. It holds every filter, and nothing personal. */
const address = signal(currentAddress());

export const path = computed(() => address.value.split('?', 1)[0] ?? '/');
export const query = computed(() => new URLSearchParams(address.value.split('?')[1] ?? ''));

export function go(to: string, { replace = false } = {}): void {
  if (to === address.value) return;
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  address.value = to;
  if (!replace) scrollTo(0, 0);
}

/** The address of the same page with these filters. An empty filter is left out. */
export function withQuery(values: Readonly<Record<string, string | undefined>>): string {
  const changed = new URLSearchParams(query.value);
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === '') changed.delete(name);
    else changed.set(name, value);
  }
  const text = changed.toString();
  return text === '' ? path.value : `${path.value}?${text}`;
}

/** Makes links of this host change the page without loading it again. */
export function followLinks(pages: (path: string) => boolean): void {
  addEventListener('popstate', () => {
    address.value = currentAddress();
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) {
      return;
    }
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    const href = link?.getAttribute('href') ?? '';
    if (!href.startsWith('/') || link?.hasAttribute('target') || !pages(href.split('?', 1)[0] ?? '')) return;
    event.preventDefault();
    go(href);
  });
}

function currentAddress(): string {
  return typeof location === 'undefined' ? '/' : location.pathname + location.search;
}
