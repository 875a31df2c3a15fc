/** A fenced block of code: what stands behind the backticks, and the line that its first line has in the document. */
export interface CodeBlock {
  info: string;
  code: string;
  line: number;
}

/** The blocks of a document, in order. */
export function codeBlocksOf(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: (CodeBlock & { fence: string }) | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const [, fence = '', info = ''] = /^\s*(`{3,})(.*)$/.exec(line) ?? [];
    if (open === undefined) {
      if (fence !== '') open = { fence, info: info.trim(), code: '', line: index + 2 };
    } else if (fence === open.fence && info.trim() === '') {
      blocks.push({ info: open.info, code: open.code, line: open.line });
      open = undefined;
    } else {
      open.code += `${line}\n`;
    }
  }
  return blocks;
}

/** The document with its code emptied, line by line, so that what looks like a link or a heading in code is none. */
function prose(markdown: string): string {
  let inCode = false;
  return markdown
    .split('\n')
    .map((line) => {
      const isFence = /^\s*```/.test(line);
      if (isFence) inCode = !inCode;
      return inCode || isFence ? '' : line.replace(/`[^`]*`/g, (code) => '`'.repeat(code.length));
    })
    .join('\n');
}

/** Every target of a link or a picture, with its line. */
export function linksOf(markdown: string): { target: string; line: number }[] {
  return prose(markdown)
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)/g)].map(([, inline, reference]) => ({
        target: inline ?? reference ?? '',
        line: index + 1,
      })),
    );
}

/** Gives the headings of a page the anchors that GitHub gives them, each once. */
export class Slugs {
  readonly taken = new Set<string>();

  /** The anchor of the next heading, whose Markdown this is. */
  next(heading: string): string {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
    let anchor = slug;
    for (let again = 1; this.taken.has(anchor); again++) anchor = `${slug}-${again}`;
    this.taken.add(anchor);
    return anchor;
  }
}

/** The anchors that GitHub makes of the headings. */
export function anchorsOf(markdown: string): Set<string> {
  const slugs = new Slugs();
  // Code in a heading counts, so the document is read as it is; a heading inside a block does no harm here.
  for (const [, heading = ''] of markdown.matchAll(/^#{1,6}\s+(.+)$/gm)) slugs.next(heading);
  return slugs.taken;
}
