/** Error texts of servers, from every form of error body. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  extractErrorText,
  parseProxyPage,
  toOneLine,
  toSafeLine,
} from '../../../../src/lib/http/errors/error-text.js'
import {redactText} from '../../../../src/lib/http/redact.js'
import {html} from '../../../support/html.js'

const cases: [string, string, string, string | undefined][] = [
  [
    'HTML (wire/v1.md#m2)',
    html('404 Not Found', 'The resource could not be found.<br /><br />\nImage with identifier 9 not found'),
    'text/html; charset=UTF-8',
    'Image with identifier 9 not found',
  ],
  [
    'plain text (wire/v1.md#m1)',
    '404 Not Found\n\nThe resource could not be found.\n\n Image with identifier 9 not found  ',
    'text/plain; charset=UTF-8',
    'Image with identifier 9 not found',
  ],
  [
    'JSON with markup (wire/v1.md#m5)',
    '{"message": "The resource could not be found.<br /><br />\\nImage with identifier 9 not found\\n\\n", "code": "404 Not Found", "title": "Not Found"}',
    'application/json',
    'Image with identifier 9 not found',
  ],
  [
    'a nested error as text (wire/v1.md#m7)',
    '400 Bad Request\n\n400 Bad Request  Invalid marker format     \n\n   ',
    'text/plain',
    'Invalid marker format',
  ],
  [
    'a nested error as JSON (wire/v1.md#m8)',
    '{"message": "400 Bad Request\\n\\nInvalid marker format\\n\\n   <br /><br />\\n\\n\\n", "code": "400 Bad Request", "title": "Bad Request"}',
    'application/json',
    'Invalid marker format',
  ],
  [
    'a short text (wire/v1.md#m10)',
    '409 Conflict\n\nAn image with identifier 1 already exists\n\n   ',
    'text/plain',
    'An image with identifier 1 already exists',
  ],
  [
    'an error passed on in the middle (wire/v1.md#p61)',
    html(
      '400 Bad Request',
      'The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br />\nFailed to update image metadata. Got error: 400 Bad Request\n\nThe server could not comply with the request since it is either malformed or otherwise incorrect.\n\n Invalid image status &#x27;nosuch&#x27; for image.  ',
    ),
    'text/html',
    "Failed to update image metadata. Got error: Invalid image status 'nosuch' for image.",
  ],
  [
    'a protected image (wire/v1.md#h5)',
    html('403 Forbidden', 'Image is protected<br /><br />\n'),
    'text/html',
    'Image is protected',
  ],
  [
    'only the status (wire/v1.md#n43)',
    html('403 Forbidden', 'Access was denied to this resource.<br /><br />\n'),
    'text/html',
    undefined,
  ],
  [
    'only the status, as text (wire/v1.md#m15)',
    '500 Internal Server Error\n\nThe server has either erred or is incapable of performing the requested operation.\n\n   ',
    'text/plain',
    undefined,
  ],
  ['no body', '', '', undefined],
  [
    'an identity service',
    '{"error": {"message": "The request you have made requires authentication.", "code": 401, "title": "Unauthorized"}}',
    'application/json',
    'The request you have made requires authentication.',
  ],
  [
    'a compute service',
    '{"badRequest": {"message": "Invalid key_name", "code": 400}}',
    'application/json',
    'Invalid key_name',
  ],
  [
    'a list of errors',
    '{"errors": [{"status": 406, "detail": "Incorrect version", "title": "Not Acceptable"}]}',
    'application/json',
    'Incorrect version',
  ],
  ['JSON declared as text', '{"message": "no"}', 'text/plain', 'no'],
  ['text declared as JSON', 'upstream failed', 'application/json', 'upstream failed'],
  [
    'a proxy',
    '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>',
    'text/html',
    'nginx',
  ],
  [
    'colours and cursor movements',
    '400 Bad Request\n\n\u001b[31mred\u001b[0m \u001b]0;title\u0007and\u0000\u0008 \u009b2Jback',
    'text/plain',
    'red and 2Jback',
  ],
  [
    'entities',
    'a &lt;b&gt; &amp;amp; &quot;c&quot; &#x27;d&#39; &#0; &nosuch; &#x1b;[31m',
    'text/html',
    'a <b> &amp; "c" \'d\' &nosuch;',
  ],
  [
    'a password in a URL',
    '400 Bad Request\n\nCannot read swift+http://user:pass@host/c/o?temp_url_sig=abc&x=1',
    'text/plain',
    'Cannot read swift+http://***@host/c/o?temp_url_sig=***&x=1',
  ],
]

describe('the error text of a server', () => {
  for (const [what, body, type, expected] of cases) {
    it(`from ${what}`, () => assert.equal(extractErrorText(body, type), expected))
  }

  it('is cut when it is too long', () => {
    assert.equal(extractErrorText('x'.repeat(5000))?.length, 1003)
  })

  it('is one line without control characters, whatever the server sends', () => {
    fc.assert(
      fc.property(
        fc.string({unit: 'binary'}),
        fc.constantFrom('text/html', 'application/json', ''),
        (body, type) => {
          assert.doesNotMatch(extractErrorText(body, type) ?? '', /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
        },
      ),
    )
  })

  // A quadratic pattern takes minutes here, and the runner ends the test.
  for (const part of [
    'a.',
    'a://',
    '<head>',
    '<title>',
    '<hr> ',
    '</a ',
    '400 Bad ',
    '&#1',
    '"token":"',
    '\\"token\\":',
    '?token=',
    '?a',
    '\u001b]0;',
    '\u001b[0',
    ' ',
    '[',
    '{"a":',
    'document you requested.',
    '<a',
    '<head',
    '&#',
    '://',
    'This server could not verify that you are authorized to access the document you requested.',
    '?token',
    '"token"',
  ]) {
    it(`is looked for in linear time: 1 MB of ${JSON.stringify(part)}`, () => {
      const text = part.repeat(1_000_000 / part.length)
      for (const look of [extractErrorText, parseProxyPage, redactText, toOneLine, toSafeLine]) look(text)
    })
  }

  it('is not the page of a web server, which is recognised', () => {
    const page = (title: string) =>
      `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>`
    assert.deepEqual(parseProxyPage(page('502 Bad Gateway')), {
      title: '502 Bad Gateway',
      server: 'nginx/1.18.0',
    })
    assert.deepEqual(
      parseProxyPage(
        '<html><head>\n<title>502 Proxy Error</title>\n</head><body>\n<h1>Proxy Error</h1>\n<hr>\n<address>Apache/2.4.41 (Ubuntu) Server at x Port 80</address>\n</body></html>',
      ),
      {title: '502 Proxy Error', server: 'Apache/2.4.41 (Ubuntu)'},
    )
    assert.deepEqual(
      parseProxyPage(
        '<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>',
      ),
      {title: '503 Service Unavailable', server: 'HAProxy'},
    )
    const envoy =
      'upstream connect error or disconnect/reset before headers. reset reason: connection failure'
    assert.deepEqual(parseProxyPage(envoy), {title: envoy, server: 'Envoy'})
    assert.deepEqual(parseProxyPage('no healthy upstream'), {title: 'no healthy upstream', server: 'Envoy'})
    assert.deepEqual(
      parseProxyPage(
        '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n</body></html>',
      ),
      {title: '404 Not Found', server: 'Apache'},
    )
    assert.equal(parseProxyPage(html('403 Forbidden', 'Image is protected<br /><br />\n')), undefined)
  })
})
