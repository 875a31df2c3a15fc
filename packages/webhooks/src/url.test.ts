import { describe, expect, it } from 'vitest';
import { checkUrl } from './url.js';

const STRICT = { allowHttp: false, allowPrivateAddresses: false };
const PUBLIC = 'The url must have a host of the public internet.';
const VALID = 'The url must be a valid URL.';

describe('the URL of an endpoint', () => {
  it.each([
    ['https://hooks.example.com', 'https://hooks.example.com/'],
    ['https://hooks.example.com:8443/a?b=c', 'https://hooks.example.com:8443/a?b=c'],
    ['HTTPS://Hooks.Example.COM/A', 'https://hooks.example.com/A'],
    ['https://bücher.example.org/', 'https://xn--bcher-kva.example.org/'],
    ['https://8.8.8.8/', 'https://8.8.8.8/'],
    ['https://134744072/', 'https://8.8.8.8/'],
    ['https://[2606:4700:4700::1111]/', 'https://[2606:4700:4700::1111]/'],
  ])('%s is kept as %s', (given, url) => {
    expect(checkUrl(given, STRICT)).toEqual({ url });
  });

  it.each([
    ['http://hooks.example.com', 'The url must begin with https://.'],
    ['ftp://hooks.example.com', 'The url must begin with https://.'],
    ['javascript:alert(1)', 'The url must begin with https://.'],
    ['file:///etc/passwd', 'The url must begin with https://.'],
    ['https://ann@hooks.example.com', 'The url may not have a user name or a password.'],
    ['https://:secret@hooks.example.com', 'The url may not have a user name or a password.'],
    ['https://hooks.example.com/#part', 'The url may not have a fragment.'],
    ['https://hooks.example.com/#', 'The url may not have a fragment.'],
    ['', VALID],
    ['hooks.example.com', VALID],
    ['https://', VALID],
    ['https://hooks.example.com:99999', VALID],
    [' https://hooks.example.com', VALID],
    ['https://hooks.example.com/\n', VALID],
    ['https://hooks.\texample.com/', VALID],
    ['https:\\\\hooks.example.com', VALID],
    ['https://hooks.exa\u200bmple.com', VALID],
    ['https://\ud800.example.com', VALID],
    [`https://hooks.example.com/${'a'.repeat(2048)}`, 'The url may not be greater than 2048 characters.'],
    [`https://hooks.example.com/${'ä'.repeat(500)}`, 'The url may not be greater than 2048 characters.'],
    ['https://127.0.0.1', PUBLIC],
    ['https://2130706433', PUBLIC],
    ['https://0x7f000001', PUBLIC],
    ['https://0x7f.1', PUBLIC],
    ['https://0177.0.0.1', PUBLIC],
    ['https://127.1', PUBLIC],
    ['https://0', PUBLIC],
    ['https://①②⑦.0.0.1', PUBLIC],
    ['https://127。0。0。1', PUBLIC],
    ['https://127.0.0.1.', PUBLIC],
    ['https://127.0.0.1../', PUBLIC],
    ['https://../', PUBLIC],
    ['https://hooks..example.com', PUBLIC],
    ['https://[::1]', PUBLIC],
    ['https://[::ffff:127.0.0.1]', PUBLIC],
    ['https://[fd00:ec2::254]', PUBLIC],
    ['https://localhost', PUBLIC],
    ['https://localhost.', PUBLIC],
    ['https://LOCALHOST', PUBLIC],
    ['https://a.localhost', PUBLIC],
    ['https://intranet', PUBLIC],
    ['https://metadata.google.internal', PUBLIC],
    ['https://printer.local', PUBLIC],
    ['https://api.svc.cluster.local.', PUBLIC],
  ])('%j is refused: %s', (given, problem) => {
    expect(checkUrl(given, STRICT)).toEqual({ problem });
  });

  it('may be http, or private, where that is allowed, and nothing else more', () => {
    expect(checkUrl('http://hooks.example.com', { ...STRICT, allowHttp: true })).toHaveProperty('url');
    expect(checkUrl('http://127.0.0.1:3000', { ...STRICT, allowHttp: true })).toEqual({ problem: PUBLIC });
    expect(checkUrl('https://localhost', { ...STRICT, allowPrivateAddresses: true })).toHaveProperty('url');
    expect(checkUrl('http://localhost', { ...STRICT, allowPrivateAddresses: true })).toHaveProperty('problem');
    expect(checkUrl('ftp://localhost', { allowHttp: true, allowPrivateAddresses: true })).toHaveProperty('problem');
  });
});
