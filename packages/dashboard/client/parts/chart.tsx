/** What is stacked in each bar, from the ground up. */
interface Series {
  readonly name: string;
  /** The class that has its colour. */
  readonly tone: 'good' | 'wait' | 'bad';
  readonly values: readonly number[];
}

interface ChartProps {
  readonly label: string;
  /** Below the bars: a day each. */
  readonly days: readonly string[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
}

const [WIDTH, HEIGHT, FOOT] = [720, 200, 20];

/** Stacked bars by day, as a picture and, for whoever cannot see it, as a table. */
export function Chart({ label, days, series, format }: ChartProps) {
  return (
    <figure>
      <Bars label={label} days={days} series={series} format={format} />
      <figcaption>
        <ul class="legend">
          {series.map(({ name, tone, values }) => (
            <li key={name}>
              <span class={`dot ${tone}`} aria-hidden="true" />
              {name}: {format(sumOf(values))}
            </li>
          ))}
        </ul>
        <details>
          <summary>Show as a table</summary>
          <AsTable days={days} series={series} format={format} />
        </details>
      </figcaption>
    </figure>
  );
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function Bars({ label, days, series, format }: ChartProps) {
  const sums = days.map((_, day) => sumOf(series.map(({ values }) => values[day] ?? 0)));
  const top = Math.max(...sums, 1);
  const step = WIDTH / days.length;
  const ground = HEIGHT - FOOT;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${label}: ${format(sumOf(sums))} in ${days.length} days`}
    >
      <line class="ground" x1="0" x2={WIDTH} y1={ground} y2={ground} />
      {days.map((day, index) => (
        <g key={day}>
          <title>{`${day}: ${series.map(({ name, values }) => `${name} ${format(values[index] ?? 0)}`).join(', ')}`}</title>
          {series.map(({ name, tone, values }, place) => {
            const below = sumOf(series.slice(0, place + 1).map((under) => under.values[index] ?? 0));
            const scale = (value: number) => (value / top) * ground;
            return (
              <rect
                key={name}
                class={tone}
                x={(index + 0.15) * step}
                y={ground - scale(below)}
                width={step * 0.7}
                height={scale(values[index] ?? 0)}
                rx="2"
              />
            );
          })}
        </g>
      ))}
      <text x="0" y={HEIGHT - 4}>
        {days[0]}
      </text>
      <text x={WIDTH} y={HEIGHT - 4} class="end">
        {days.at(-1)}
      </text>
    </svg>
  );
}

function AsTable({ days, series, format }: Omit<ChartProps, 'label'>) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Day</th>
          {series.map(({ name }) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {days.map((day, index) => (
          <tr key={day}>
            <th scope="row">{day}</th>
            {series.map(({ name, values }) => (
              <td key={name}>{format(values[index] ?? 0)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
