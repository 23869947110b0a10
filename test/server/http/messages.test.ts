/** Parts of HTTP messages: Accept, header text, error pages. */
import assert from 'node:assert/strict'
import http from 'node:http'
import {negotiateType} from '../../../src/server/http/accept.js'
import {trackConnections} from '../../../src/server/http/connection-tracker.js'
import {renderError} from '../../../src/server/http/error-body.js'
import {HttpError} from '../../../src/server/http/http-error.js'
import {decodeHeader, encodeHeader} from '../../../src/server/http/text.js'

describe('Accept', () => {
  const offers = ['text/html', 'application/json'] as const
  const cases: readonly (readonly [string | undefined, string | undefined])[] = [
    [undefined, undefined],
    ['', undefined],
    ['*/*', 'text/html'],
    ['text/*', 'text/html'],
    ['application/json', 'application/json'],
    ['Application/JSON; charset=utf-8', 'application/json'],
    ['text/html;q=0.5, application/json', 'application/json'],
    ['text/html;q=0, */*', 'application/json'],
    ['application/json, text/html', 'text/html'],
    ['text/plain, application/octet-stream', undefined],
    ['*/*;q=0', undefined],
    ['text/html;q=nonsense', undefined],
  ]
  for (const [accept, expected] of cases) {
    it(`${accept} prefers ${expected}`, () => assert.equal(negotiateType(accept, offers), expected))
  }
})

describe('header text', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['plain', 'plain'],
    ['caf\xc3\xa9', 'café'],
    ['caf\xe9', 'café'],
    ['\xe6\x97\xa5\xe6\x9c\xac', '日本'],
    ['\xf0\x9f\x92\xbe', '💾'],
    ['\xc3', 'Ã'],
    ['\xef\xbb\xbfx', '\ufeffx'],
  ]
  for (const [bytes, text] of cases) {
    it(`reads ${JSON.stringify(bytes)} as ${JSON.stringify(text)}`, () => {
      assert.equal(decodeHeader(bytes), text)
    })
  }

  it('writes UTF-8 bytes', () => {
    assert.equal(encodeHeader('café 日本'), 'caf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac')
  })

  it('writes no control character except the tab', () => {
    assert.equal(encodeHeader('a\r\nSet-Cookie: b\0c\td\x7f'), 'a  Set-Cookie: b c\td ')
  })
})

describe('error page', () => {
  it('escapes markup and non-ASCII text in HTML only', () => {
    const fault = new HttpError(400, {explanation: `<script>"日'&`})
    const html = renderError(fault, 'text/html')
    assert.equal(html.contentType, 'text/html; charset=UTF-8')
    assert.match(html.body, /&lt;script&gt;&quot;&#26085;&#x27;&amp;<br \/>/)
    const json = renderError(fault, 'application/json')
    assert.deepEqual(JSON.parse(json.body), {
      message: `<script>"日'&<br /><br />\n\n\n`,
      code: '400 Bad Request',
      title: 'Bad Request',
    })
  })
})

describe('connections', () => {
  it('are idle only when the work for a request has ended, even if the connection is closed', async () => {
    const connections = trackConnections(http.createServer())
    let finish: () => void = () => {}
    connections.track(
      new Promise<void>(resolve => {
        finish = resolve
      }),
    )
    let idle = false
    const waiting = connections.whenIdle().then(() => {
      idle = true
    })
    await new Promise(setImmediate)
    assert.equal(idle, false)
    finish()
    await waiting
  })
})
