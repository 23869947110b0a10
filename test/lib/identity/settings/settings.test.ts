/** A table of settings and their values by flags, environment and clouds.yaml. */
import assert from 'node:assert/strict'
import {explainSettings} from '../../../../src/lib/identity/settings/explain.js'
import {resolveSettings} from '../../../../src/lib/identity/settings/settings.js'
import {type ConfigFixture, createConfigFixture} from '../../../support/config-fixture.js'
import {failure} from '../../../support/failure.js'

const CLOUDS = `
clouds:
  mine:
    auth:
      auth_url: http://k.example:5000/v3
      username: u
      password: hunter2
      project_name: p
      user_domain_name: D
      project_domain_id: d
    region_name: R
    interface: [internal, publicURL]
    image_api_version: 2
    cacert: ~/ca.pem
  appcred:
    auth_type: v3applicationcredential
    auth: {auth_url: http://k.example:5000, application_credential_id: i, application_credential_secret: hunter2}
  open:
    auth_type: none
    image_endpoint_override: http://i.example:9292/v2
  nowhere: {auth_type: none}
  system:
    auth: {auth_url: http://k.example/identity, username: u, user_domain_id: d, password: hunter2, system_scope: all}
  several:
    auth: {auth_url: http://k.example, username: u, password: hunter2, project_id: p}
    image_region_name: S
    region_name: R
    image_interface: admin
    interface: public
  old:
    auth: {auth_url: http://k.example:5000/v2.0/, username: u, password: hunter2, tenant_name: t}
  loose: {auth_url: http://k.example, username: u, password: hunter2, verify: false}
`

interface Case {
  readonly title: string
  readonly flags?: Record<string, string | boolean>
  readonly env?: Record<string, string>
  /** `name value (from)`; `@` stands for the file, `~` for the home directory. */
  readonly lines: readonly string[]
  readonly notes?: readonly string[]
}

const PASSWORD_ENV = {
  OS_AUTH_URL: 'http://k.example:5000/v3',
  OS_USERNAME: 'u',
  OS_PASSWORD: 'hunter2',
  OS_PROJECT_NAME: 'p',
}

const PUBLIC = 'interface public (default)'
const SECURE = 'insecure false (default)'
const HERE = 'endpoint http://127.0.0.1:9292 (default)'

const CASES: readonly Case[] = [
  {
    title: 'a token over the application credential of a cloud',
    env: {OS_CLOUD: 'appcred'},
    flags: {'os-auth-token': 'hunter2'},
    lines: [
      'cloud appcred (OS_CLOUD)',
      'auth_type v3token (--os-auth-token)',
      'auth_url http://k.example:5000 (@appcred)',
      'token *** (--os-auth-token)',
      PUBLIC,
      SECURE,
    ],
  },
  {
    title: 'a user over the application credential of a cloud',
    env: {OS_CLOUD: 'appcred'},
    flags: {'os-username': 'u', 'os-password': 'hunter2', 'os-project-id': 'p'},
    lines: [
      'cloud appcred (OS_CLOUD)',
      'auth_type v3password (@appcred)',
      'auth_url http://k.example:5000 (@appcred)',
      'username u (--os-username)',
      'user_domain_id default (default)',
      'password *** (--os-password)',
      'project_id p (--os-project-id)',
      PUBLIC,
      SECURE,
    ],
  },
  {
    title: 'a user who completes an application credential',
    env: {
      OS_AUTH_URL: 'http://k.example',
      OS_APPLICATION_CREDENTIAL_NAME: 'n',
      OS_APPLICATION_CREDENTIAL_SECRET: 'hunter2',
    },
    flags: {'os-user-id': 'u'},
    lines: [
      'auth_type v3applicationcredential (OS_APPLICATION_CREDENTIAL_NAME)',
      'auth_url http://k.example (OS_AUTH_URL)',
      'user_id u (--os-user-id)',
      'application_credential_name n (OS_APPLICATION_CREDENTIAL_NAME)',
      'application_credential_secret *** (OS_APPLICATION_CREDENTIAL_SECRET)',
      PUBLIC,
      SECURE,
    ],
  },
  {title: 'nothing: the local service', lines: ['auth_type none (default)', PUBLIC, HERE, SECURE]},
  {
    title: 'a single cloud in a file is not used by default, and empty variables are ignored',
    env: {OS_CLOUD: '', OS_AUTH_URL: ''},
    lines: ['auth_type none (default)', PUBLIC, HERE, SECURE],
  },
  {
    title: 'a user without a terminal for the password',
    env: {OS_USERNAME: 'u', OS_PASSWORD: 'hunter2'},
    lines: [
      'auth_type none (default)',
      'username u (OS_USERNAME)',
      'password *** (OS_PASSWORD)',
      PUBLIC,
      HERE,
      SECURE,
    ],
    notes: ['OS_USERNAME, OS_PASSWORD not used: logging in requires OS_AUTH_URL or OS_CLOUD'],
  },
  {
    title: 'a token alone',
    flags: {'os-auth-token': 'hunter2'},
    lines: ['auth_type admin_token (--os-auth-token)', 'token *** (--os-auth-token)', PUBLIC, HERE, SECURE],
  },
  {
    title: 'a token and an address',
    env: {OS_TOKEN: 'hunter2', OS_IMAGE_URL: 'http://i.example', OS_AUTH_URL: 'http://k.example'},
    lines: [
      'auth_type admin_token (OS_TOKEN)',
      'auth_url http://k.example (OS_AUTH_URL)',
      'token *** (OS_TOKEN)',
      PUBLIC,
      'endpoint http://i.example (OS_IMAGE_URL)',
      SECURE,
    ],
  },
  {
    title: 'a token for Keystone',
    env: {OS_TOKEN: 'hunter2', OS_AUTH_URL: 'http://k.example', OS_PROJECT_ID: 'p'},
    lines: [
      'auth_type v3token (OS_TOKEN)',
      'auth_url http://k.example (OS_AUTH_URL)',
      'token *** (OS_TOKEN)',
      'project_id p (OS_PROJECT_ID)',
      PUBLIC,
      SECURE,
    ],
  },
  {
    title: 'the environment, with the default domain',
    env: PASSWORD_ENV,
    lines: [
      'auth_type v3password (OS_AUTH_URL)',
      'auth_url http://k.example:5000/v3 (OS_AUTH_URL)',
      'username u (OS_USERNAME)',
      'user_domain_id default (default)',
      'password *** (OS_PASSWORD)',
      'project_name p (OS_PROJECT_NAME)',
      'project_domain_id default (default)',
      PUBLIC,
      SECURE,
    ],
  },
  {
    title: 'a domain that is given once, and one by default',
    env: {...PASSWORD_ENV, OS_DOMAIN_NAME: 'D', OS_USER_DOMAIN_ID: 'd', OS_DEFAULT_DOMAIN: 'x'},
    lines: [
      'auth_type v3password (OS_AUTH_URL)',
      'auth_url http://k.example:5000/v3 (OS_AUTH_URL)',
      'username u (OS_USERNAME)',
      'user_domain_id d (OS_USER_DOMAIN_ID)',
      'password *** (OS_PASSWORD)',
      'project_name p (OS_PROJECT_NAME)',
      'project_domain_name D (OS_DOMAIN_NAME)',
      'default_domain x (OS_DEFAULT_DOMAIN)',
      PUBLIC,
      SECURE,
    ],
  },
  {
    title: 'another default domain',
    env: {OS_AUTH_URL: 'http://k.example', OS_USERNAME: 'u', OS_DEFAULT_DOMAIN: 'x'},
    lines: [
      'auth_type v3password (OS_AUTH_URL)',
      'auth_url http://k.example (OS_AUTH_URL)',
      'username u (OS_USERNAME)',
      'user_domain_id x (OS_DEFAULT_DOMAIN)',
      'default_domain x (OS_DEFAULT_DOMAIN)',
      PUBLIC,
      SECURE,
    ],
  },
  {
    title: 'the variables of 2011, Keystone v2.0',
    env: {
      OS_AUTH_URL: 'http://k.example:5000/v2.0',
      OS_AUTH_USER: 'u',
      OS_AUTH_KEY: 'hunter2',
      OS_AUTH_TENANT: 't',
      OS_AUTH_STRATEGY: 'noauth',
    },
    lines: [
      'auth_type v2password (OS_AUTH_URL)',
      'auth_url http://k.example:5000/v2.0 (OS_AUTH_URL)',
      'username u (OS_AUTH_USER)',
      'password *** (OS_AUTH_KEY)',
      'project_name t (OS_AUTH_TENANT)',
      PUBLIC,
      SECURE,
    ],
  },
  {
    title: 'strategy noauth on the command line',
    flags: {'os-auth-strategy': 'noauth'},
    env: {OS_AUTH_URL: 'http://k.example:5000/v2.0'},
    lines: [
      'auth_type none (--os-auth-strategy)',
      'auth_url http://k.example:5000/v2.0 (OS_AUTH_URL)',
      PUBLIC,
      HERE,
      SECURE,
    ],
  },
  {
    title: 'identity version 2 by name',
    env: {OS_AUTH_URL: 'http://k.example:5000', OS_IDENTITY_API_VERSION: '2.0', OS_USERID: 'i'},
    lines: [
      'auth_type v2password (OS_AUTH_URL)',
      'auth_url http://k.example:5000 (OS_AUTH_URL)',
      'identity_api_version 2.0 (OS_IDENTITY_API_VERSION)',
      'user_id i (OS_USERID)',
      PUBLIC,
      SECURE,
    ],
  },
  {
    title: 'a domain beats an old URL',
    env: {OS_AUTH_URL: 'http://k.example/v2.0', OS_USERNAME: 'u', OS_USER_DOMAIN_NAME: 'D'},
    lines: [
      'auth_type v3password (OS_AUTH_URL)',
      'auth_url http://k.example/v2.0 (OS_AUTH_URL)',
      'username u (OS_USERNAME)',
      'user_domain_name D (OS_USER_DOMAIN_NAME)',
      PUBLIC,
      SECURE,
    ],
  },
  {
    title: 'a named cloud',
    flags: {'os-cloud': 'mine'},
    lines: [
      'cloud mine (--os-cloud)',
      'auth_type v3password (@mine)',
      'auth_url http://k.example:5000/v3 (@mine)',
      'username u (@mine)',
      'user_domain_name D (@mine)',
      'password *** (@mine)',
      'project_name p (@mine)',
      'project_domain_id d (@mine)',
      'region R (@mine)',
      'interface internal, public (@mine)',
      'image_api_version 2 (@mine)',
      SECURE,
      'cacert ~/ca.pem (@mine)',
    ],
  },
  {
    title: 'a named cloud in a foreign environment',
    env: {
      ...PASSWORD_ENV,
      OS_CLOUD: 'mine',
      OS_PROJECT_ID: 'other',
      OS_PROJECT_NAME: '',
      OS_REGION_NAME: 'S',
      OS_ENDPOINT_TYPE: 'adminURL',
      OS_CACERT: 'other.pem',
      OS_USER_DOMAIN_NAME: 'Foreign',
      OS_IMAGE_API_VERSION: 'v1',
    },
    lines: [
      'cloud mine (OS_CLOUD)',
      'auth_type v3password (@mine)',
      'auth_url http://k.example:5000/v3 (@mine)',
      'username u (@mine)',
      'user_domain_name D (@mine)',
      'password *** (@mine)',
      'project_id other (OS_PROJECT_ID)',
      'project_domain_id d (@mine)',
      'region S (OS_REGION_NAME)',
      'interface admin (OS_ENDPOINT_TYPE)',
      'image_api_version 1 (OS_IMAGE_API_VERSION)',
      SECURE,
      'cacert ~/../cwd/other.pem (OS_CACERT)',
    ],
    notes: ["OS_AUTH_URL, OS_USERNAME, OS_USER_DOMAIN_NAME, OS_PASSWORD are not used: cloud 'mine' is named"],
  },
  {
    title: 'flags over a named cloud',
    flags: {
      'os-cloud': 'system',
      'os-project-name': 'p',
      'os-username': 'v',
      url: 'http://i.example/v1',
      insecure: true,
    },
    env: {OS_CLOUD: 'mine', OS_REGION_NAME: 'S'},
    lines: [
      'cloud system (--os-cloud)',
      'auth_type v3password (@system)',
      'auth_url http://k.example/identity (@system)',
      'username v (--os-username)',
      'user_domain_id d (@system)',
      'password *** (@system)',
      'project_name p (--os-project-name)',
      'project_domain_id default (default)',
      'region S (OS_REGION_NAME)',
      PUBLIC,
      'endpoint http://i.example/v1 (--url)',
      'insecure true (--insecure)',
    ],
  },
  {
    title: 'a domain displaces the project of a cloud',
    flags: {'os-cloud': 'several', 'os-domain-name': 'D'},
    lines: [
      'cloud several (--os-cloud)',
      'auth_type v3password (@several)',
      'auth_url http://k.example (@several)',
      'username u (@several)',
      'user_domain_id default (default)',
      'password *** (@several)',
      'domain_name D (--os-domain-name)',
      'region S (@several)',
      'interface admin (@several)',
      SECURE,
    ],
  },
  {
    title: 'an application credential keeps its project',
    env: {OS_CLOUD: 'appcred', OS_PROJECT_NAME: 'other', OS_PROJECT_DOMAIN_NAME: 'D'},
    lines: [
      'cloud appcred (OS_CLOUD)',
      'auth_type v3applicationcredential (@appcred)',
      'auth_url http://k.example:5000 (@appcred)',
      'application_credential_id i (@appcred)',
      'application_credential_secret *** (@appcred)',
      PUBLIC,
      SECURE,
    ],
    notes: [
      'OS_PROJECT_NAME, OS_PROJECT_DOMAIN_NAME not used: the application credential has its own project',
    ],
  },
  {
    title: 'a cloud without authentication',
    env: {OS_CLOUD: 'open'},
    lines: [
      'cloud open (OS_CLOUD)',
      'auth_type none (@open)',
      PUBLIC,
      'endpoint http://i.example:9292/v2 (@open)',
      SECURE,
    ],
  },
  {
    title: 'an old cloud with tenants',
    env: {OS_CLOUD: 'old'},
    lines: [
      'cloud old (OS_CLOUD)',
      'auth_type v2password (@old)',
      'auth_url http://k.example:5000/v2.0/ (@old)',
      'username u (@old)',
      'password *** (@old)',
      'project_name t (@old)',
      PUBLIC,
      SECURE,
    ],
  },
  {
    title: 'values next to auth, and unverified certificates despite an authority',
    env: {OS_CLOUD: 'loose', OS_CACERT: '/ca.pem'},
    lines: [
      'cloud loose (OS_CLOUD)',
      'auth_type v3password (@loose)',
      'auth_url http://k.example (@loose)',
      'username u (@loose)',
      'user_domain_id default (default)',
      'password *** (@loose)',
      PUBLIC,
      'insecure true (@loose)',
      'cacert /ca.pem (OS_CACERT)',
    ],
    notes: ['the CA bundle from OS_CACERT is not used: certificates are not checked (@loose)'],
  },
  {
    title: 'the cloud called envvars is the environment',
    env: {OS_CLOUD: 'envvars', OS_TOKEN: 'hunter2'},
    lines: ['auth_type admin_token (OS_TOKEN)', 'token *** (OS_TOKEN)', PUBLIC, HERE, SECURE],
  },
  {
    title: 'a token on the command line beats the password of a cloud',
    flags: {'os-cloud': 'loose', 'os-auth-token': 'hunter2', 'os-project-id': 'p'},
    lines: [
      'cloud loose (--os-cloud)',
      'auth_type v3token (--os-auth-token)',
      'auth_url http://k.example (@loose)',
      'username u (@loose)',
      'user_domain_id default (default)',
      'password *** (@loose)',
      'token *** (--os-auth-token)',
      'project_id p (--os-project-id)',
      PUBLIC,
      'insecure true (@loose)',
    ],
  },
  {
    title: 'passwords inside URLs are masked',
    env: {OS_AUTH_URL: 'http://me:hunter2@k.example/v3', OS_IMAGE_URL: 'http://i.example/?token=hunter2'},
    lines: [
      'auth_type v3password (OS_AUTH_URL)',
      'auth_url http://***@k.example/v3 (OS_AUTH_URL)',
      PUBLIC,
      'endpoint http://i.example/?token=*** (OS_IMAGE_URL)',
      SECURE,
    ],
  },
]

interface Refusal {
  readonly flags?: Record<string, string | boolean>
  readonly env: Record<string, string>
  readonly what: string
  readonly why: string | RegExp
}

const REFUSALS: readonly Refusal[] = [
  {
    env: {OS_CLOUD: 'nope'},
    what: "unknown cloud 'nope'",
    why: /has: appcred, loose, mine, nowhere, old, /,
  },
  {
    env: {OS_CLOUD: 'nowhere'},
    what: "cloud 'nowhere' has no address of the Image service",
    why: 'without a login (auth_type none) no catalog provides it',
  },
  {
    env: {OS_AUTH_TYPE: 'v3oidcpassword'},
    what: "unsupported authentication method 'v3oidcpassword'",
    why: 'it comes from OS_AUTH_TYPE',
  },
  {
    env: {OS_INSECURE: 'maybe'},
    what: "invalid value 'maybe': expected true or false",
    why: 'it comes from OS_INSECURE',
  },
  {
    env: {OS_INTERFACE: 'privat'},
    what: "invalid interface 'privat': expected public, internal, admin, or several in order of preference",
    why: 'it comes from OS_INTERFACE',
  },
  {
    env: {OS_IMAGE_API_VERSION: '3'},
    what: "invalid Image API version '3': expected 1 or 2",
    why: 'it comes from OS_IMAGE_API_VERSION',
  },
  {
    env: {OS_KEY: '/k.pem'},
    what: 'a TLS key requires a certificate',
    why: 'the key /k.pem comes from OS_KEY',
  },
  {
    env: {OS_CLOUD: 'appcred'},
    flags: {'os-project-name': 'p'},
    what: '--os-project-name cannot be used with an application credential',
    why: 'an application credential is bound to one project',
  },
]

describe('settings', () => {
  let fixture: ConfigFixture
  let file: string

  before(async () => {
    fixture = await createConfigFixture()
    file = await fixture.put('cwd/clouds.yaml', CLOUDS)
  })
  after(() => fixture.remove())

  const expand = (text: string) =>
    text
      .replace(/@(\w+)\)$/, `cloud '$1' in ${file})`)
      .replace('~/../cwd', fixture.cwd)
      .replace('~', fixture.home)

  for (const {title, flags = {}, env = {}, lines, notes = []} of CASES) {
    it(title, async () => {
      const settings = await resolveSettings({flags, environment: fixture.with(env)})
      assert.deepEqual(
        explainSettings(settings).map(({name, value, from}) => `${name} ${value} (${from})`),
        lines.map(expand),
      )
      assert.deepEqual(settings.notes, notes.map(expand))
    })
  }

  for (const {flags = {}, env, what, why} of REFUSALS) {
    it(`refuse ${what}`, async () => {
      await assert.rejects(
        resolveSettings({flags, environment: fixture.with(env)}),
        failure('usage', what, why),
      )
    })
  }

  it('keep the origin that a caller passes', async () => {
    const flags = {url: {value: 'http://i.example:80', from: '--host'}}
    const {endpoint} = await resolveSettings({flags, environment: fixture})
    assert.deepEqual(endpoint, {value: 'http://i.example:80', from: '--host'})
  })

  it('pass the secrets to the login', async () => {
    const {values} = await resolveSettings({flags: {'os-cloud': 'mine'}, environment: fixture})
    assert.equal(values.password?.value, 'hunter2')
  })
})
