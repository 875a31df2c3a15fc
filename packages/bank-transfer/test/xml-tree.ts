/** An element of an XML document: for tests, of a document that has no comments, no CDATA and no mixed content. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const TOKEN = /<\/([\w.]+)>|<([\w.]+)((?:\s+[\w:]+="[^"<]*")*)\s*>|([^<]+)/gy;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads a document. Whatever is not exactly an element or a text throws. */
export function xmlTree(document: string): XmlElement {
  const [declaration = ''] = /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/.exec(document) ?? [];
  if (declaration === '') throw new Error('the document has no declaration');
  const top = { name: '', attributes: {}, children: [] as XmlElement[], text: '' };
  const open = [top];
  TOKEN.lastIndex = declaration.length;
  while (TOKEN.lastIndex < document.length) {
    const at = TOKEN.lastIndex;
    const [, closed, opened, attributes, text] = TOKEN.exec(document) ?? [];
    const present = open.at(-1) ?? top;
    if (closed !== undefined) {
      if (open.pop()?.name !== closed) throw new Error(`</${closed}> closes another element`);
    } else if (opened !== undefined) {
      const child = { name: opened, attributes: attributesOf(attributes ?? ''), children: [], text: '' };
      present.children.push(child);
      open.push(child);
    } else if (text !== undefined) present.text += plain(text.trim());
    else throw new Error(`there is something else than XML at ${at}`);
  }
  const [root] = top.children;
  if (root === undefined || open.length !== 1) throw new Error('the document ends too early');
  return root;
}

/** The text of the one element at this path of names. */
export function textAt(element: XmlElement, path: string): string {
  const [found, ...more] = elementsAt(element, path);
  if (found === undefined || more.length > 0) throw new Error(`there is not one ${path}`);
  return found.text;
}

/** All elements at this path of names. */
export function elementsAt(element: XmlElement, path: string): readonly XmlElement[] {
  return path
    .split('/')
    .reduce<readonly XmlElement[]>(
      (found, name) => found.flatMap(({ children }) => children.filter((child) => child.name === name)),
      [element],
    );
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, name, value]) => [name, plain(value ?? '')]),
  );
}

function plain(text: string): string {
  return text.replace(/&(\w*);?/g, (entity, name: string) => {
    const character = ENTITIES[name];
    if (character === undefined) throw new Error(`${entity} is no entity`);
    return character;
  });
}
