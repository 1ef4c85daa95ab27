import { useEffect, useRef, useState } from 'preact/hooks';
import { type Answer, ask, type Trouble } from './askApi.ts';
import { serverNow } from './liveFeed.ts';

export interface Loaded<Value> {
  /** The last answer; null until the first one. It stays while a newer one is asked for. */
  readonly value: Value | null;
  readonly trouble: Trouble | null;
  readonly isLoading: boolean;
  /** When the value came, by the server's clock. */
  readonly readAt: string | null;
  reload(): void;
}

/** Asks as soon as the component is shown, and again every `everyMs` while the page is visible. */
export function useAnswer<Value>(
  path: string,
  options: { readonly everyMs?: number; readonly body?: unknown } = {},
): Loaded<Value> {
  const { everyMs, body } = options;
  const [state, setState] = useState<Omit<Loaded<Value>, 'reload'>>(nothingYet);
  const asked = useRef(0);
  const answered = useRef(0);
  const key = JSON.stringify([path, body]);
  const load = async (): Promise<void> => {
    const turn = ++asked.current;
    const answer: Answer<Value> = await ask(path, body === undefined ? {} : { method: 'POST', body });
    // This answers an older question.
    if (turn !== asked.current) return;
    answered.current = turn;
    setState((before) =>
      answer.kind === 'ok'
        ? { value: answer.value, trouble: null, isLoading: false, readAt: serverTime() }
        : { ...before, trouble: answer.trouble, isLoading: false },
    );
  };
  useEffect(() => {
    setState(nothingYet);
    void load();
    // Does not ask while an answer is awaited: otherwise answers slower than the interval would always be
    // outdated.
    const tick = () => !document.hidden && answered.current === asked.current && void load();
    const timer = everyMs === undefined ? undefined : setInterval(tick, everyMs);
    return () => {
      asked.current++;
      clearInterval(timer);
    };
  }, [key]);
  return { ...state, reload: () => void load() };
}

const nothingYet = { value: null, trouble: null, isLoading: true, readAt: null };

function serverTime(): string {
  return new Date(serverNow.peek()).toISOString();
}
