/** The services that sessions of Debian's clients are compared on: ours and a real one, with users of one Keystone or without. */
import {writeFile} from 'node:fs/promises'
import type {IncomingMessage, ServerResponse} from 'node:http'
import path from 'node:path'
import {
  APPLICATION_CREDENTIAL,
  IMAGE_URL,
  KEYSTONE_URL,
  logIn,
  logInWithCredential,
  NOAUTH_URL,
  PASSWORD,
} from './clouds.js'
import type {OwnServices} from './own-services.js'

/** A service, as the commands of a session reach it. */
export interface Side {
  readonly url: string
  /** Tokens of users of Keystone by their names; absent: nobody logs in. */
  readonly tokens?: Readonly<Record<string, string>>
  /** A file that has the same users as clouds. */
  readonly clouds?: string
  /** Id of the project of beta. */
  readonly beta: string
  /** URL of a web server. */
  readonly source: string
}

/** Both without authentication. @param source URL of `answerAsSource` */
export function openSides(ours: OwnServices, source: string): readonly Side[] {
  return [ours.noauthUrl, NOAUTH_URL].map(url => ({url, beta: 'beta', source}))
}

/** Both with Keystone. @param folder for files that the clients read */
export async function sharedSides(
  ours: OwnServices,
  source: string,
  folder: string,
): Promise<readonly Side[]> {
  const callers = {
    ...{alpha: await logIn('alpha'), beta: await logIn('beta'), admin: await logIn('admin')},
    ...{reader: await logIn('alpha-reader', 'alpha'), appcred: await logInWithCredential()},
  }
  await Promise.all(Object.values(callers).map(({api}) => api.close()))
  const tokens = Object.fromEntries(Object.entries(callers).map(([name, {token}]) => [name, token]))
  return Promise.all(
    [ours.imageUrl, IMAGE_URL].map(async (url, n) => ({
      url,
      source,
      beta: callers.beta.project,
      tokens: {...tokens, nobody: 'nonsense'},
      clouds: await writeClouds(path.join(folder, `${n}.yaml`), url),
    })),
  )
}

/** Writes a `clouds.yaml` of the users with a service that is not in the catalog. */
async function writeClouds(file: string, url: string): Promise<string> {
  const {name: application_credential_name, secret: application_credential_secret} = APPLICATION_CREDENTIAL
  const user = (username: string, project_name: string, password = PASSWORD) => ({
    image_endpoint_override: url,
    auth: {
      ...{auth_url: KEYSTONE_URL, username, password, project_name},
      ...{user_domain_name: 'Default', project_domain_name: 'Default'},
    },
  })
  const {auth} = user('alpha', 'alpha')
  const clouds = {
    ...{alpha: user('alpha', 'alpha'), beta: user('beta', 'beta'), admin: user('admin', 'admin')},
    ...{reader: user('alpha-reader', 'alpha'), nobody: user('alpha', 'alpha', 'nonsense')},
    appcred: {
      ...{image_endpoint_override: url, auth_type: 'v3applicationcredential'},
      auth: {
        ...{auth_url: auth.auth_url, username: 'alpha', user_domain_name: 'Default'},
        ...{application_credential_name, application_credential_secret},
      },
    },
  }
  await writeFile(file, JSON.stringify({clouds}))
  return file
}

/** Serves the data at `/abc`, and nothing else. */
export function answerAsSource({url}: IncomingMessage, response: ServerResponse): void {
  response.writeHead(url === '/abc' ? 200 : 404, {'content-length': url === '/abc' ? 3 : 0})
  response.end(url === '/abc' ? 'abc' : '')
}
