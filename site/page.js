const root = document.body.dataset.root ?? '.';
const results = document.getElementById('results');
const search = document.getElementById('search');
const menu = document.getElementById('menu');

document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest' });

menu?.addEventListener('click', () => {
  const isOpen = document.body.classList.toggle('contents-open');
  menu.setAttribute('aria-expanded', String(isOpen));
});

document.getElementById('theme')?.addEventListener('click', () => {
  const { style } = document.documentElement;
  const present = style.colorScheme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  style.colorScheme = present === 'dark' ? 'light' : 'dark';
  try {
    localStorage.setItem('theme', style.colorScheme);
  } catch {
    // It holds for this page then.
  }
});

/** @param {string} file */
function load(file) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = `${root}/${file}`;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

/** @type {Promise<any> | undefined} */
let made;

/** Made when it is first asked for: most readers come by a link. */
function searchIndex() {
  made ??= Promise.all([load('minisearch.js'), load('search-index.js')]).then(() => {
    const { MiniSearch, searchEntries } = /** @type {any} */ (globalThis);
    const index = new MiniSearch({
      fields: ['title', 'page', 'text'],
      storeFields: ['title', 'page'],
      searchOptions: { boost: { title: 4, page: 2 }, prefix: true, fuzzy: 0.15, combineWith: 'AND' },
    });
    index.addAll(searchEntries);
    return index;
  });
  return made;
}

/** @param {{ id: string, title: string, page: string }} found */
function resultLink({ id, title, page }) {
  const link = document.createElement('a');
  link.href = `${root}/${id}`;
  link.textContent = page === '' ? title : `${title} – ${page}`;
  return link;
}

async function show() {
  if (!(search instanceof HTMLInputElement) || results === null) return;
  const asked = search.value.trim();
  const index = asked === '' ? undefined : await searchIndex();
  // All of the words, or else some of them.
  const all = index?.search(asked) ?? [];
  const found = (all.length > 0 ? all : (index?.search(asked, { combineWith: 'OR' }) ?? [])).slice(0, 12);
  // What was typed meanwhile has its own answer.
  if (search.value.trim() !== asked) return;
  results.replaceChildren(...found.map(resultLink));
  if (asked !== '' && found.length === 0) results.textContent = 'Nothing found.';
  results.hidden = asked === '';
}

search?.addEventListener('input', () => void show());
document.addEventListener('keydown', (event) => {
  if (!(search instanceof HTMLInputElement) || results === null) return;
  if (event.key === '/' && document.activeElement !== search) {
    event.preventDefault();
    search.focus();
  } else if (event.key === 'Escape') {
    search.value = '';
    results.hidden = true;
  }
});
