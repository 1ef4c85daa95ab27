import { h, type JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { scheme } from '../app/appearance.ts';
import { common } from '../words/commonWords.ts';
import { clock } from '../words/format.ts';
import { language, say } from '../words/language.ts';

export interface Line {
  readonly label: string;
  /** The custom property of the style sheet that holds the colour. */
  readonly colour: string;
  readonly values: readonly (number | null)[];
  readonly isFilled?: boolean;
  /** A dashed line, because some people do not see the colour. */
  readonly isDashed?: boolean;
}

export interface LineChartOptions {
  /** One sentence that says what the chart shows now. */
  readonly label: string;
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly show: (value: number | null) => string;
}

const heightPx = 132;

/** A chart over time, drawn on a canvas, and the same values as a table for screen readers. */
export function LineChart(options: LineChartOptions): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const pointer = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const data = useRef<uPlot.AlignedData>([[]]);
  data.current = [[...options.times], ...options.lines.map(({ values }) => [...values])] as uPlot.AlignedData;
  const look = `${scheme.value} ${language.value}`;
  useEffect(() => {
    if (box.current === null) return;
    const drawn = new uPlot(settings(options, box.current, pointer), data.current, box.current);
    chart.current = drawn;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) {
        drawn.setSize({ width: Math.floor(entry.contentRect.width), height: heightPx });
      }
    });
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      drawn.destroy();
    };
  }, [look]);
  useEffect(() => chart.current?.setData(data.current), [options.times.at(-1), options.times.length]);
  return h(
    'div',
    { class: 'chart' },
    h('div', { class: 'canvas', ref: box, role: 'img', 'aria-label': options.label }),
    h('div', { class: 'pointer', ref: pointer, 'aria-hidden': 'true' }),
    valuesTable(options),
  );
}

function valuesTable({ times, lines, show, label }: LineChartOptions): JSX.Element {
  const step = Math.max(1, Math.ceil(times.length / 15));
  const shown = times.map((_, index) => index).filter((index) => (times.length - 1 - index) % step === 0);
  return h(
    'details',
    { class: 'values' },
    h('summary', null, say(common.showNumbers)),
    h(
      'table',
      { 'aria-label': label },
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          h('th', { scope: 'col' }, say(common.when)),
          lines.map((line) => h('th', { scope: 'col' }, line.label)),
        ),
      ),
      h(
        'tbody',
        null,
        shown.reverse().map((index) =>
          h(
            'tr',
            { key: times[index] },
            h('th', { scope: 'row' }, clock((times[index] ?? 0) * 1_000)),
            lines.map((line) => h('td', { class: 'number' }, show(line.values[index] ?? null))),
          ),
        ),
      ),
    ),
  );
}

function settings(
  { lines, show }: LineChartOptions,
  box: HTMLElement,
  pointer: { readonly current: HTMLElement | null },
): uPlot.Options {
  const colourOf = (name: string): string =>
    getComputedStyle(box).getPropertyValue(name) && resolved(box, name);
  const axis: uPlot.Axis = {
    stroke: colourOf('--quiet'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: colourOf('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: Math.max(200, box.clientWidth),
    height: heightPx,
    legend: { show: false },
    // On the right, half of the last label.
    padding: [8, 28, 0, 0],
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { y: { range: (_, low, high) => [Math.min(0, low ?? 0), Math.max(1, (high ?? 0) * 1.15)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        space: 70,
        incrs: wholeSeconds,
        values: (_, at) => at.map((seconds) => clock(seconds * 1_000)),
      },
      { ...axis, size: 52, space: 34, values: (_, at) => at.map((value) => show(value)) },
    ],
    series: [
      {},
      ...lines.map(
        ({ label, colour, isFilled, isDashed }): uPlot.Series => ({
          label,
          stroke: colourOf(colour),
          width: 1.6,
          points: { show: false },
          ...(isDashed === true && { dash: [5, 3] }),
          ...(isFilled === true && { fill: `color-mix(in srgb, ${colourOf(colour)} 14%, transparent)` }),
        }),
      ),
    ],
    hooks: {
      setCursor: [(drawn) => pointAt(drawn, lines, { show, pointer: pointer.current })],
    },
  };
}

/**
 * Steps between labels are whole seconds: labels show no fractions, so two within a second would look the
 * same.
 */
const wholeSeconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600];

/** The values under the pointer, in words. */
function pointAt(
  { cursor: { idx }, data }: uPlot,
  lines: readonly Line[],
  { show, pointer }: { readonly show: LineChartOptions['show']; readonly pointer: HTMLElement | null },
): void {
  if (pointer === null) return;
  const at = idx === null || idx === undefined ? undefined : data[0][idx];
  pointer.textContent =
    at === undefined || idx === null || idx === undefined
      ? ''
      : [
          clock(at * 1_000),
          ...lines.map(({ label }, line) => `${label} ${show(data[line + 1]?.[idx] ?? null)}`),
        ].join('  ·  ');
}

/** Resolves a custom property: a canvas understands neither these nor `light-dark()`. */
function resolved(box: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  box.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
