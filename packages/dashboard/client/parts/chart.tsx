/** What is stacked in each bar, from the ground up. */
export interface Series {
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
  const sums = days.map((_, day) => series.reduce((sum, { values }) => sum + (values[day] ?? 0), 0));
  const top = Math.max(...sums, 1);
  const step = WIDTH / days.length;
  const height = (value: number) => (value / top) * (HEIGHT - FOOT);
  const total = sums.reduce((sum, value) => sum + value, 0);
  return (
    <figure>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${label}: ${format(total)} in ${days.length} days`}
      >
        <line class="ground" x1="0" x2={WIDTH} y1={HEIGHT - FOOT} y2={HEIGHT - FOOT} />
        {days.map((day, index) => {
          let ground = HEIGHT - FOOT;
          return (
            <g key={day}>
              <title>{`${day}: ${series.map(({ name, values }) => `${name} ${format(values[index] ?? 0)}`).join(', ')}`}</title>
              {series.map(({ name, tone, values }) => {
                const tall = height(values[index] ?? 0);
                ground -= tall;
                return (
                  <rect
                    key={name}
                    class={tone}
                    x={index * step + step * 0.15}
                    y={ground}
                    width={step * 0.7}
                    height={tall}
                    rx="2"
                  />
                );
              })}
            </g>
          );
        })}
        <text x="0" y={HEIGHT - 4}>
          {days[0]}
        </text>
        <text x={WIDTH} y={HEIGHT - 4} class="end">
          {days.at(-1)}
        </text>
      </svg>
      <figcaption>
        <ul class="legend">
          {series.map(({ name, tone, values }) => (
            <li key={name}>
              <span class={`dot ${tone}`} aria-hidden="true" />
              {name}: {format(values.reduce((sum, value) => sum + value, 0))}
            </li>
          ))}
        </ul>
        <details>
          <summary>Show as a table</summary>
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
        </details>
      </figcaption>
    </figure>
  );
}
