/** The parts of docs/reference/http.md that the OpenAPI document knows better than anybody. */
import type { OpenApiDocument } from '@bursar/payouts/http';

interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Media {
  readonly 'application/json': { readonly schema: Schema; readonly example?: unknown };
}

interface Operation {
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly 'x-required-scope'?: string;
  readonly parameters?: readonly { readonly name?: string; readonly in?: string; readonly description?: string }[];
  readonly requestBody?: { readonly content: Media };
  readonly responses: { readonly 200: { readonly content: Media } };
}

const MARKED = /(<!-- (routes|records)(?:: ([^>]+))? -->\n)[\s\S]*?(<!-- end -->)/g;
const OF_BUSINESS = 'With an API key alone.';
const SHOWN_RECORDS = ['PayoutUser', 'Operation', 'PayoutMethod', 'Withdrawal', 'BusinessWithdrawal', 'Reclaimed'];

/** The page with its marked parts made anew. */
export function httpReference(markdown: string, document: OpenApiDocument): string {
  return markdown.replace(MARKED, (_, begin: string, what: string, tag: string | undefined, end: string) => {
    const made = what === 'records' ? records(document) : routes(document, tag ?? '');
    return `${begin}${made}${end}`;
  });
}

function routes({ paths }: OpenApiDocument, tag: string): string {
  const rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .map(([method, operation]) => ({ method, operation: operation as unknown as Operation }))
      .filter(({ operation }) => operation.tags.includes(tag))
      .map(({ method, operation }) => row(`${method.toUpperCase()} ${path}`, operation, tag)),
  );
  return `| route | | scope | sent | answer |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

function row(route: string, operation: Operation, tag: string): string {
  const isFirst = operation.tags[0] === tag;
  const scope = isFirst ? operation['x-required-scope'] : undefined;
  const cells = [
    `\`${route}\``,
    isFirst ? operation.summary : ofPayoutUser(operation),
    scope === undefined ? '' : `\`${scope}\``,
    sent(operation, isFirst),
  ];
  return `| ${[...cells, answer(operation, tag)].join(' | ')} |`;
}

// Where a path has both, its description says what each of them does.
function ofPayoutUser({ summary, description }: Operation): string {
  const [, words] = /With a payout hash: ([^.]+)\./.exec(description) ?? [];
  return words === undefined ? summary : words.charAt(0).toUpperCase() + words.slice(1);
}

function sent({ parameters = [], requestBody }: Operation, isFirst: boolean): string {
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && (isFirst || !parameter.description?.endsWith(OF_BUSINESS)))
    .map(({ name }) => `\`${name}?\``);
  const { properties = {}, required = [] } = requestBody?.content['application/json'].schema ?? {};
  const fields = Object.keys(properties)
    .filter((name) => name !== 'payout_hash')
    .map((name) => `\`${name}${required.includes(name) ? '' : '?'}\``);
  return query.length > 0 ? `query: ${query.join(', ')}` : fields.join(', ');
}

function answer({ tags, responses }: Operation, tag: string): string {
  const { schema } = responses[200].content['application/json'];
  const own = schema.anyOf?.[tags.indexOf(tag)] ?? schema;
  return `\`${own.$ref?.split('/').at(-1)}\``;
}

function records({ components, paths }: OpenApiDocument): string {
  const named = components.schemas as Readonly<Record<string, { readonly description?: string }>>;
  const shown = SHOWN_RECORDS.map((name) => {
    const example = exampleIn(paths, name);
    return `// ${name}: ${lowerFirst(named[name]?.description ?? '')}\n${JSON.stringify(example, null, 2)}`;
  });
  const page = '// …Page: a page of them; `next_cursor` is null on the last one\n{ "items": [], "next_cursor": null }';
  return `\`\`\`jsonc\n${[...shown, page].join('\n')}\n\`\`\`\n`;
}

/** The example of an answer that is this record, or has it among its items. */
function exampleIn(paths: OpenApiDocument['paths'], name: string): unknown {
  const medias = Object.values(paths)
    .flatMap((operations) => Object.values(operations))
    .map((operation) => (operation as unknown as Operation).responses[200].content['application/json']);
  const isOf = (suffix: string) => (media: Media['application/json']) =>
    [media.schema, ...(media.schema.anyOf?.slice(0, 1) ?? [])].some(({ $ref }) => $ref?.endsWith(`/${name}${suffix}`));
  const alone = medias.find(isOf(''));
  if (alone !== undefined) return alone.example;
  const list = medias.find(isOf('Page')) ?? medias.find(isOf('s'));
  if (list === undefined) throw new Error(`no answer of the document has a ${name}`);
  return (list.example as { readonly items: readonly unknown[] }).items[0];
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
