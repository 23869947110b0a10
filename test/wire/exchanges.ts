/**
 * Recorded exchanges as text, one after the other, a blank line between:
 *
 *     F5 refuses a body that is too short      id in the record, and title; without an id it prepares the next one
 *     ! vanish                                 a step of setup
 *     > POST /v1/images                        request line without the version
 *     > *name: f | *size: 10 | Accept: x       headers; `*` is `x-image-meta-`; `accept` is any type unless given
 *     > (no accept) | (http/1.0)
 *     > (body) abc                             or `(chunked) abc`
 *     < 400 | etag: x                          status and headers of the answer
 *     < (html) message                         its body, see v1/replay.ts and v2/replay.ts
 *     = status=killed, size=10                 what HEAD says of the image afterwards; `none`: 404
 *
 * `#5` is the image 00000005-0000-4000-8000-000000000000, `{HOST}` the service, `{SOURCE}` the server with remote data;
 * `(5 times v)` is five letters.
 */

export interface Exchange {
  readonly id: string
  readonly title: string
  /** Steps of setup, for example `vanish`. */
  readonly before: readonly string[]
  readonly method: string
  readonly path: string
  readonly version: string
  readonly headers: readonly string[]
  readonly body: string | undefined
  readonly chunked: boolean
  readonly status: number
  readonly answerHeaders: readonly string[]
  /** Checks of the body: kind and value. */
  readonly expected: readonly (readonly [string, string])[]
  readonly after: string | undefined
}

export function parseExchanges(text: string): readonly Exchange[] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map(parseExchange)
}

function parseExchange(block: string): Exchange {
  const [first = '', ...lines] = block.split('\n')
  const [, id = '', title = ''] = /^([A-Z]\d+\w* )?(.*)$/.exec(first) ?? []
  const withMark = (mark: string) => lines.filter(line => line.startsWith(mark)).map(line => line.slice(2))
  const [requestLine = '', ...sent] = withMark('> ')
  const [method = '', path = ''] = requestLine.split(' ')
  const [answer = '', ...expected] = withMark('< ')
  const [status = '', ...answerHeaders] = answer.split(' | ')
  return {
    id: id.trim(),
    title,
    before: withMark('! '),
    method,
    path,
    ...parseRequest(sent),
    status: Number(status),
    answerHeaders,
    expected: expected.map(parseKindAndValue),
    after: withMark('= ')[0],
  }
}

function parseRequest(sent: readonly string[]): Pick<Exchange, 'version' | 'headers' | 'body' | 'chunked'> {
  const bodies = sent.filter(line => /^\((body|chunked)\)/.test(line)).map(parseKindAndValue)
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

function parseKindAndValue(line: string): readonly [string, string] {
  const [, kind = '', value = ''] = /^\((\w+)\) ?(.*)$/s.exec(line) ?? []
  return [kind, value]
}

/** The bytes of the request, Latin-1. */
export function toBytes(exchange: Exchange, host: string): string {
  const {method, path, version, headers, body, chunked} = exchange
  const lines = [`${method} ${path} ${version}`, `Host: ${host}`, ...headers.map(toUtf8)]
  const data = toUtf8(body ?? '')
  if (chunked) {
    const chunk = data === '' ? '' : `${data.length.toString(16)}\r\n${data}\r\n`
    return `${[...lines, 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\n${chunk}0\r\n\r\n`
  }
  const length = body === undefined ? [] : [`Content-Length: ${data.length}`]
  return `${[...lines, ...length].join('\r\n')}\r\n\r\n${data}`
}

/** UTF-8 bytes as Latin-1 characters; `\xe9` is one byte, `\t` a tab. */
function toUtf8(text: string): string {
  return Buffer.from(expandRepeats(text), 'utf8')
    .toString('latin1')
    .replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll('\\t', '\t')
}

/** `(5 times v)` becomes five letters. */
export function expandRepeats(text: string): string {
  return text.replace(/\((\d+) times (\w)\)/g, (_, count: string, char: string) => char.repeat(Number(count)))
}
