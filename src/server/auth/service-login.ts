/** Logs the service in to Keystone, as the user that its operator gave it. */
import type {Send} from '../../lib/http/message.js'
import type {Credentials} from '../../lib/identity/keystone/credentials.js'
import type {LoginDescription} from '../../lib/identity/keystone/describe-login.js'
import {logInV3} from '../../lib/identity/keystone/login-v3.js'
import type {ServiceLogin} from './validator.js'

/** The user of the service. */
export interface ServiceUser {
  readonly name: string
  readonly password: string
  readonly project: string
  readonly userDomain: string
  readonly projectDomain: string
}

/** Milliseconds before its end at which a token is not used any more. */
const MARGIN = 60_000

/** Creates a login with one token at a time; concurrent calls share it. */
export function createServiceLogin(send: Send, authUrl: string, user: ServiceUser): ServiceLogin {
  const credentials: Credentials = {
    authUrl,
    version: 3,
    method: {
      kind: 'password',
      user: {name: user.name, domain: {name: user.userDomain}},
      password: user.password,
    },
    scope: {kind: 'project', project: {name: user.project, domain: {name: user.projectDomain}}},
  }
  const description: LoginDescription = {
    subject: `user '${user.name}' of the service`,
    hint: 'Check service_user, service_password and service_project.',
    authUrlFrom: 'the settings of the service',
    method: 'password',
    secrets: [user.password],
  }
  let current: {readonly token: string; readonly until: number} | undefined
  let pending: Promise<string> | undefined
  const logIn = async () => {
    const {token, expiresAt} = await logInV3(send, credentials, description)
    current = {token, until: (expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) - MARGIN}
    return token
  }
  return {
    async token() {
      if (current && current.until > Date.now()) return current.token
      pending ??= logIn().finally(() => {
        pending = undefined
      })
      return pending
    },
    drop(token) {
      if (current?.token === token) current = undefined
    },
  }
}
