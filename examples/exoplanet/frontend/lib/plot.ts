// Numbers become places in a drawing of WIDTH by HEIGHT.

export const WIDTH = 900;
export const HEIGHT = 300;
export const MARGIN = { left: 70, right: 12, top: 12, bottom: 34 };

export interface Scale {
  place: (value: number) => number;
  ticks: number[];
}

export function across(from: number, to: number): Scale {
  return scale(from, to, MARGIN.left, WIDTH - MARGIN.right, 8);
}

export function upwards(from: number, to: number): Scale {
  const room = (to - from) * 0.05;
  return scale(from - room, to + room, HEIGHT - MARGIN.bottom, MARGIN.top, 5);
}

/** One path for all points: thousands of elements would make the page slow. */
export function dots(x: number[], y: number[], across: Scale, upwards: Scale): string {
  return x.map((value, i) => `M${fixed(across.place(value))} ${fixed(upwards.place(y[i] ?? 0))}h0`).join("");
}

/** Days from the middle of the nearest transit. */
export function folded(time: number[], period: number, epoch: number): number[] {
  return time.map((t) => t - epoch - period * Math.round((t - epoch) / period));
}

/** Beginning and end of each transit, cut to the curve. */
export function transits(time: number[], period: number, epoch: number, duration: number): [number, number][] {
  const [first, last] = extent(time);
  const found: [number, number][] = [];
  const start = Math.ceil((first - epoch - duration / 2) / period);
  for (let n = start; epoch + n * period - duration / 2 <= last; n++) {
    const middle = epoch + n * period;
    found.push([Math.max(first, middle - duration / 2), Math.min(last, middle + duration / 2)]);
  }
  return found;
}

export function extent(values: number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
}

function scale(from: number, to: number, start: number, end: number, about: number): Scale {
  const span = to - from || 1;
  const step = roundStep(span / about);
  const count = Math.floor(to / step) - Math.ceil(from / step) + 1;
  return {
    place: (value) => start + ((value - from) / span) * (end - start),
    ticks: Array.from({ length: Math.max(count, 0) }, (_, i) => (Math.ceil(from / step) + i) * step),
  };
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
}

function fixed(value: number): string {
  return value.toFixed(1);
}
