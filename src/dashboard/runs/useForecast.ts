import { useEffect, useState } from 'preact/hooks';
import type { KeptForecastShown } from '../../api/contract/forecastsContract.ts';
import { ask, type Trouble } from '../app/askApi.ts';

/** The request for a forecast. */
export interface ForecastAsked {
  readonly selection: { readonly month: string };
  readonly perSecond?: number;
  readonly sample?: number;
}

export interface ForecastState {
  readonly forecast: KeptForecastShown | null;
  readonly trouble: Trouble | null;
}

const againMs = 1_000;
const nothing: ForecastState = { forecast: null, trouble: null };

/** Asks for a forecast and follows it until it is done; null: asks for nothing. */
export function useForecast(asked: ForecastAsked | null): ForecastState {
  const [state, setState] = useState<ForecastState>(nothing);
  useEffect(() => {
    let isGone = false;
    setState(nothing);
    if (asked !== null) void show(asked);
    return () => {
      isGone = true;
    };

    async function show(wanted: ForecastAsked): Promise<void> {
      for await (const step of follow(wanted)) {
        if (isGone) return;
        setState(step);
      }
    }
  }, [asked]);
  return state;
}

async function* follow(body: ForecastAsked): AsyncGenerator<ForecastState> {
  let answer = await ask<KeptForecastShown>('/forecasts', { method: 'POST', body });
  while (answer.kind === 'ok') {
    yield { forecast: answer.value, trouble: null };
    if (answer.value.state !== 'RUNNING') return;
    await new Promise((resolve) => setTimeout(resolve, againMs));
    answer = await ask<KeptForecastShown>(`/forecasts/${answer.value.forecastId}`);
  }
  yield { forecast: null, trouble: answer.trouble };
}
