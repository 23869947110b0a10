/**
 * Recorded exchanges as text, one after the other, a blank line between:
 *
 *     F5 what it is about                      id in the record, and title; no id: a preparation
 *     ! vanish                                 something to be done before
 *     > POST /v1/images                        request line without the version
 *     > *name: f | *size: 10 | Accept: x       headers; `*` is `x-image-meta-`; `accept` is any type unless it is said
 *     > (no accept) | (http/1.0)
 *     > (body) abc                             or `(chunked) abc`
 *     < 400 | etag: x                          status and headers of the answer
 *     < (html) words                           its body, see witness.ts
 *     = status=killed, size=10                 what HEAD tells of the image in the end; `none`: 404
 *
 * `#5` is the image 00000005-0000-4000-8000-000000000000, `{HOST}` the service, `{SOURCE}` the foreign source.
 */

export interface Exchange {
  readonly id: string
  readonly title: string
  /** What is done before, such as `vanish`. */
  readonly before: readonly string[]
  readonly method: string
  readonly path: string
  readonly version: string
  readonly headers: readonly string[]
  readonly body: string | undefined
  readonly chunked: boolean
  readonly status: number
  readonly answerHeaders: readonly string[]
  /** Expected of the body: kind and value. */
  readonly expected: readonly (readonly [string, string])[]
  readonly after: string | undefined
}

/** Reads the text. */
export function exchangesOf(text: string): readonly Exchange[] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map(exchangeOf)
}

function exchangeOf(block: string): Exchange {
  const [first = '', ...lines] = block.split('\n')
  const [, id = '', title = ''] = /^([A-Z]\d+\w* )?(.*)$/.exec(first) ?? []
  const of = (mark: string) => lines.filter(line => line.startsWith(mark)).map(line => line.slice(2))
  const [requestLine = '', ...sent] = of('> ')
  const [method = '', path = ''] = requestLine.split(' ')
  const [answer = '', ...expected] = of('< ')
  const [status = '', ...answerHeaders] = answer.split(' | ')
  return {
    id: id.trim(),
    title,
    before: of('! '),
    method,
    path,
    ...requestOf(sent),
    status: Number(status),
    answerHeaders,
    expected: expected.map(line => kindAndValue(line)),
    after: of('= ')[0],
  }
}

function requestOf(sent: readonly string[]): Pick<Exchange, 'version' | 'headers' | 'body' | 'chunked'> {
  const bodies = sent.filter(line => /^\((body|chunked)\)/.test(line)).map(kindAndValue)
  const words = sent.filter(line => !/^\((body|chunked)\)/.test(line)).flatMap(line => line.split(' | '))
  const headers = words
    .filter(word => !word.startsWith('('))
    .map(word => word.replace(/^\*/, 'x-image-meta-'))
  const accepts = words.includes('(no accept)') || headers.some(header => /^accept:/i.test(header))
  return {
    version: words.includes('(http/1.0)') ? 'HTTP/1.0' : 'HTTP/1.1',
    headers: accepts ? headers : ['accept: */*', ...headers],
    body: bodies[0]?.[1],
    chunked: bodies[0]?.[0] === 'chunked',
  }
}

function kindAndValue(line: string): readonly [string, string] {
  const [, kind = '', value = ''] = /^\((\w+)\) ?(.*)$/s.exec(line) ?? []
  return [kind, value]
}

/** The bytes of the request, Latin-1. */
export function bytesOf(exchange: Exchange, host: string): string {
  const {method, path, version, headers, body, chunked} = exchange
  const lines = [`${method} ${path} ${version}`, `Host: ${host}`, ...headers.map(utf8)]
  const data = utf8(body ?? '')
  if (chunked) {
    const chunk = data === '' ? '' : `${data.length.toString(16)}\r\n${data}\r\n`
    return `${[...lines, 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\n${chunk}0\r\n\r\n`
  }
  const length = body === undefined ? [] : [`Content-Length: ${data.length}`]
  return `${[...lines, ...length].join('\r\n')}\r\n\r\n${data}`
}

/** UTF-8 bytes as Latin-1 characters; `\xe9` is one such byte, `\t` a tab. */
function utf8(text: string): string {
  return Buffer.from(spelled(text), 'utf8')
    .toString('latin1')
    .replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll('\\t', '\t')
}

/** `(5 times v)` is five letters. */
export function spelled(text: string): string {
  return text.replace(/\((\d+) times (\w)\)/g, (_, count: string, char: string) => char.repeat(Number(count)))
}
