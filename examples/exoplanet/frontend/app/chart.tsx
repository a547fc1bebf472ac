// Points as an SVG drawing, with stretches of the horizontal axis marked.

import { HEIGHT, MARGIN, WIDTH, across, dots, extent, upwards } from "@/lib/plot";

interface Props {
  label: string;
  x: number[];
  y: number[];
  unit: string;
  marked: [number, number][];
}

export function Chart({ label, x, y, unit, marked }: Props) {
  const horizontal = across(...extent(x));
  const vertical = upwards(...extent(y));
  const [top, bottom] = [MARGIN.top, HEIGHT - MARGIN.bottom];
  return (
    <figure>
      <figcaption>{label}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {marked.map(([from, to]) => {
          const left = horizontal.place(from);
          const width = Math.max(horizontal.place(to) - left, 1.5);
          return <rect key={from} className="transit" x={left} y={top} width={width} height={bottom - top} />;
        })}
        {horizontal.ticks.map((tick) => (
          <g key={tick} transform={`translate(${horizontal.place(tick)} 0)`}>
            <line className="grid" y1={top} y2={bottom} />
            <text y={bottom + 16} textAnchor="middle">{short(tick)}</text>
          </g>
        ))}
        {vertical.ticks.map((tick) => (
          <g key={tick} transform={`translate(0 ${vertical.place(tick)})`}>
            <line className="grid" x1={MARGIN.left} x2={WIDTH - MARGIN.right} />
            <text x={MARGIN.left - 6} dy="0.35em" textAnchor="end">{short(tick)}</text>
          </g>
        ))}
        <text x={WIDTH - MARGIN.right} y={HEIGHT - 4} textAnchor="end">{unit}</text>
        <path className="points" d={dots(x, y, horizontal, vertical)} />
      </svg>
    </figure>
  );
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
