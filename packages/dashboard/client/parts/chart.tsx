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

const [WIDTH, HEIGHT] = [720, 200];

/** Stacked bars by day, as a picture and, for whoever cannot see it, as a table. */
export function Chart({ label, days, series, format }: ChartProps) {
  return (
    <figure>
      <Plot label={label} days={days} series={series} format={format} />
      <figcaption>
        <ul class="legend">
          {series.map(({ name, tone, values }) => (
            <li key={name}>
              <span class={`dot ${tone}`} aria-hidden="true" /> {name}: {format(sumOf(values))}
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

/** The bars, with what they reach up to and from when to when. Words would be stretched with the bars: they are beside. */
function Plot({ label, days, series, format }: ChartProps) {
  const sums = days.map((_, day) => sumOf(series.map(({ values }) => values[day] ?? 0)));
  const top = roundAbove(Math.max(...sums));
  return (
    <div class="plot">
      <p class="reach" aria-hidden="true">
        {[top, top / 2, 0].map((value) => (
          <span key={value}>{format(value)}</span>
        ))}
      </p>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: ${format(sumOf(sums))} in ${days.length} days`}
      >
        {[0, HEIGHT / 2, HEIGHT].map((y) => (
          <line key={y} class="ground" x1="0" x2={WIDTH} y1={y} y2={y} />
        ))}
        {days.map((day, index) => (
          <Bar
            key={day}
            day={day}
            place={index}
            width={WIDTH / days.length}
            series={series}
            top={top}
            format={format}
          />
        ))}
      </svg>
      <p class="days" aria-hidden="true">
        <span>{dayInWords(days[0])}</span>
        <span>{dayInWords(days.at(-1))}</span>
      </p>
    </div>
  );
}

/** A round number that is not below, and whose half is whole: 2, 4, 6 … 20, 40 … 100, 150, 200 … */
function roundAbove(value: number): number {
  const power = 10 ** Math.max(0, Math.ceil(Math.log10(Math.max(value, 1))) - 1);
  const step = power < 100 ? 2 * power : power / 2;
  return step * Math.max(1, Math.ceil(value / step));
}

function dayInWords(day = ''): string {
  return new Date(day).toLocaleDateString(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' });
}

interface BarProps extends Pick<ChartProps, 'series' | 'format'> {
  readonly day: string;
  readonly place: number;
  readonly width: number;
  readonly top: number;
}

function Bar({ day, place, width, series, top, format }: BarProps) {
  const height = (value: number) => (value / top) * HEIGHT;
  return (
    <g>
      <title>{`${day}: ${series.map(({ name, values }) => `${name} ${format(values[place] ?? 0)}`).join(', ')}`}</title>
      {series.map(({ name, tone, values }, level) => {
        const below = sumOf(series.slice(0, level + 1).map((under) => under.values[place] ?? 0));
        return (
          <rect
            key={name}
            class={tone}
            x={(place + 0.15) * width}
            y={HEIGHT - height(below)}
            width={width * 0.7}
            height={height(values[place] ?? 0)}
          />
        );
      })}
    </g>
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
