/** Exchanges an access token of an OpenID Connect provider for a token of Keystone, and that for one of the scope. */
import type {Request, Send} from '../../http/message.js'
import type {Credentials} from './credentials.js'
import type {LoginDescription} from './describe-login.js'
import type {Login} from './login.js'
import {logInV3, parseLogin} from './login-v3.js'
import type {OidcMethod} from './oidc-method.js'
import {callKeystone, toV3Url} from './request.js'

/**
 * Logs in (Identity API v3, OS-FEDERATION). The first token has no scope; without one in the settings it is the result.
 * @throws Failure; see `callKeystone`
 */
export async function logInFederated(
  send: Send,
  credentials: Credentials<OidcMethod & {readonly kind: 'oidc_token'}>,
  description: LoginDescription,
): Promise<Login> {
  const {authUrl, scope, method} = credentials
  const {identityProvider, protocol} = method.federation
  const names = [identityProvider, protocol].map(encodeURIComponent)
  const request: Request = {
    method: 'POST',
    url: toV3Url(authUrl, `OS-FEDERATION/identity_providers/${names[0]}/protocols/${names[1]}/auth`),
    headers: {accept: 'application/json', authorization: `Bearer ${method.accessToken}`},
    idempotent: true,
  }
  const answer = await callKeystone(send, request, description)
  const login = parseLogin(answer, answer.headers.get('x-subject-token'), request, description)
  if (scope.kind === 'default' || scope.kind === 'unscoped') return login
  const {token} = login
  const secrets = [...description.secrets, token]
  return logInV3(send, {...credentials, method: {kind: 'token', token}}, {...description, secrets})
}
