/** A request by the HTTP and TLS of Node, with any `Host`; the response as a whole. */
import {once} from 'node:events'
import http from 'node:http'
import https from 'node:https'
import {text} from 'node:stream/consumers'

export interface PlainResponse {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** Sends a request on a connection of its own. */
export async function request(
  url: string,
  {body, ...options}: https.RequestOptions & {readonly body?: string | Buffer} = {},
): Promise<PlainResponse> {
  const {request: send} = url.startsWith('https:') ? https : http
  const sent = send(url, {agent: false, ...options}).end(body)
  const [response] = (await once(sent, 'response')) as [http.IncomingMessage]
  return {status: response.statusCode ?? 0, headers: response.headers, body: await text(response)}
}
