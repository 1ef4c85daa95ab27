import { type ComponentChild, h, type JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { troubleNote } from '../parts/notes.ts';
import { common } from '../words/commonWords.ts';
import { say } from '../words/language.ts';
import { unreachable } from './askApi.ts';

type Show = (props: { readonly id: string }) => ComponentChild;

const loads: (() => Promise<Show>)[] = [];

/** A page whose files are loaded when it is first shown, so that the start page comes sooner. */
export function later(load: () => Promise<Show>): Show {
  let loaded: Show | undefined;
  const loadOnce = async (): Promise<Show> => {
    loaded ??= await load();
    return loaded;
  };
  loads.push(loadOnce);
  return (props) => (loaded === undefined ? h(Later, { load: loadOnce, ...props }) : h(loaded, props));
}

/**
 * Loads all other pages, so that each is ready when it is opened. If one fails, it is tried again when it is
 * shown.
 */
export async function loadTheRest(): Promise<void> {
  for (const load of loads) await load().catch(() => undefined);
}

function Later({ load, id }: { readonly load: () => Promise<Show>; readonly id: string }): JSX.Element {
  const [page, setPage] = useState<{ readonly show: Show } | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    load().then(
      (show) => setPage({ show }),
      (error: unknown) => setFailure(error),
    );
  }, []);
  if (failure !== null) return troubleNote(unreachable(failure));
  return page === null
    ? h('p', { class: 'load quiet', 'aria-busy': 'true' }, say(common.loading))
    : h(page.show, { id });
}
