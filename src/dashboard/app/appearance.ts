import { signal } from '@preact/signals';

export const schemes = ['auto', 'light', 'dark'] as const;
export type Scheme = (typeof schemes)[number];

const storageKey = 'billcast.scheme';

/** Light, dark, or the system's choice. */
export const scheme = signal<Scheme>('auto');

export function readScheme(): void {
  const stored = localStorage.getItem(storageKey);
  chooseScheme(schemes.find((known) => known === stored) ?? 'auto');
}

export function chooseScheme(chosen: Scheme): void {
  document.documentElement.dataset.scheme = chosen;
  localStorage.setItem(storageKey, chosen);
  scheme.value = chosen;
}
