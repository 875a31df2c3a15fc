const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Checks where the API is, and gives it without a slash at the end.
 *
 * @throws {TypeError} which says what is wrong with it, and does not repeat it: somebody may have written a password there.
 */
export function baseUrlOf(baseUrl: string, allowHttp: boolean): string {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    throw new TypeError('baseUrl must be an absolute URL, such as "https://api.example.com/v1"');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError('baseUrl must have no user, no query and no fragment');
  }
  const mayBePlain = allowHttp || LOOPBACK.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && mayBePlain)) {
    throw new TypeError(
      'baseUrl must be https: a credential is sent there; set allowHttp where the network is trusted',
    );
  }
  let end = url.pathname.length;
  while (url.pathname[end - 1] === '/') end--;
  return url.origin + url.pathname.slice(0, end);
}
