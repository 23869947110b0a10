/** A fake Identity service on loopback that records its requests, and responds as the test says. */
import {type Served, serve} from './http/serve.js'

export interface RecordedRequest {
  readonly line: string
  readonly token: string | undefined
  readonly subject: string | undefined
  readonly body: unknown
  /** Only if it was sent. */
  readonly authorization?: string
}

export interface TokenReply {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: string
}

export interface FakeKeystone extends Served {
  readonly asked: RecordedRequest[]
  /** Sets the response to each request from now on; `n` counts them from 1. */
  answer(with_: (asked: RecordedRequest, n: number) => TokenReply): void
}

export async function startFakeKeystone(): Promise<FakeKeystone> {
  const asked: RecordedRequest[] = []
  let answer: (asked: RecordedRequest, n: number) => TokenReply = () => createTokenReply()
  const served = await serve((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const question = {
        line: `${request.method} ${request.url}`,
        token: request.headers['x-auth-token'] as string | undefined,
        subject: request.headers['x-subject-token'] as string | undefined,
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
        ...(request.headers.authorization && {authorization: request.headers.authorization}),
      }
      asked.push(question)
      const {status = 201, headers = {}, body = ''} = answer(question, asked.length)
      response.writeHead(status, {'content-type': 'application/json', ...headers}).end(body)
    })
  })
  return Object.assign(served, {
    asked,
    answer: (with_: typeof answer) => {
      answer = with_
    },
  })
}

export const CATALOG =
  '[{"endpoints": [{"id": "6a9d5551677a4120b48dd9bd0217c001", "interface": "public", "region_id": "RegionOne", "url": "http://127.0.0.1:5000/v3", "region": "RegionOne"}], "id": "9e7afddd618840faacc93e3719cae856", "type": "identity", "name": "keystone"}, {"endpoints": [{"id": "df33501dd95a46748157cce1ab76a3fd", "interface": "admin", "region_id": "RegionOne", "url": "http://127.0.0.1:9392", "region": "RegionOne"}, {"id": "c6f4cc3905fe4626a3bc725d3a0784d8", "interface": "internal", "region_id": "RegionOne", "url": "http://127.0.0.1:9392", "region": "RegionOne"}, {"id": "01dd599a6d6c4984a692358873cd9d65", "interface": "public", "region_id": "RegionOne", "url": "http://127.0.0.1:9392", "region": "RegionOne"}], "id": "510454c75d324d5898f7e02e889c9d2f", "type": "image", "name": "glance"}]'

/** The response of Keystone 22 to a login with a project. */
export function createTokenReply({
  token = 'gAAAAA-1',
  expires = '2126-11-21T09:33:32.000000Z',
  catalog = CATALOG,
} = {}): TokenReply {
  return {
    status: 201,
    headers: {'x-subject-token': token, vary: 'X-Auth-Token'},
    body: `{"token": {"methods": ["password"], "user": {"domain": {"id": "default", "name": "Default"}, "id": "6e2c94e86a79463687ddde10eecf78a7", "name": "alpha", "password_expires_at": null}, "audit_ids": ["6eoAkLikR4qb8LExXeU2BA"], "expires_at": "${expires}", "issued_at": "2026-11-21T08:33:32.000000Z", "project": {"domain": {"id": "default", "name": "Default"}, "id": "a1fa", "name": "alpha"}, "is_domain": false, "roles": [{"id": "60f668999ffa4efe968d11080a07e903", "name": "reader"}, {"id": "0f5e9970f0f040fa945a2dbe32eae1f5", "name": "member"}], "catalog": ${catalog}}}`,
  }
}
