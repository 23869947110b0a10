/** A fake OpenID Connect provider on loopback that records its requests, and responds as the test says. */
import {type Served, serve} from './http/serve.js'

export interface ProviderRequest {
  readonly line: string
  /** The fields of the body. */
  readonly form: Readonly<Record<string, string>>
  readonly authorization: string | undefined
}

export interface ProviderReply {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body: string | object
}

type Answer = (asked: ProviderRequest, n: number) => ProviderReply | undefined

export interface FakeProvider extends Served {
  readonly asked: ProviderRequest[]
  /** Sets the responses from now on; those that are undefined stay as they were. `n` counts the requests of a line from 1. */
  answer(with_: Answer): void
}

/** Secrets that the provider gives out; no output may show them. */
export const DEVICE_CODE = 'device-code-7f0c9b'
export const ACCESS_TOKEN = 'access-token-51ab02'
export const ID_TOKEN = 'e30.e30.id-token-93d7'

/** Issues a token at the second request for one. */
export async function startFakeProvider(): Promise<FakeProvider> {
  const asked: ProviderRequest[] = []
  let answer: Answer = () => undefined
  const served = await serve((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const question = {
        line: `${request.method} ${request.url}`,
        form: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())),
        authorization: request.headers.authorization,
      }
      asked.push(question)
      const n = asked.filter(({line}) => line === question.line).length
      const reply = answer(question, n) ?? createReply(question, n, served.url)
      const {status = 200, headers = {}, body} = reply
      response.writeHead(status, {'content-type': 'application/json', ...headers})
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  })
  const use = (with_: Answer) => {
    answer = with_
  }
  return Object.assign(served, {asked, answer: use})
}

/** A response with an error code of OAuth 2.0. */
export function createOauthError(error: string, description?: string): ProviderReply {
  return {status: 400, body: {error, error_description: description}}
}

function createReply({line}: ProviderRequest, n: number, url: string): ProviderReply {
  if (line === 'GET /.well-known/openid-configuration') return {body: describeProvider(url)}
  if (line === 'POST /device') return {body: createDeviceResponse(url)}
  if (line !== 'POST /token')
    return {status: 404, headers: {'content-type': 'text/html'}, body: '<h1>no</h1>'}
  return n === 1
    ? createOauthError('authorization_pending')
    : {body: {access_token: ACCESS_TOKEN, token_type: 'Bearer', expires_in: 300, id_token: ID_TOKEN}}
}

export function describeProvider(url: string) {
  return {
    issuer: url,
    device_authorization_endpoint: `${url}/device`,
    token_endpoint: `${url}/token`,
  }
}

export function createDeviceResponse(url: string) {
  return {
    device_code: DEVICE_CODE,
    user_code: 'WDJB-MJHT',
    verification_uri: `${url}/login`,
    verification_uri_complete: `${url}/login?user_code=WDJB-MJHT`,
    expires_in: 600,
    interval: 0.01,
  }
}
