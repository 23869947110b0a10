/** SETTINGS: every cloud and login setting once, with its flag, variables and keys. */

/** A value and its source, as shown to the user: a flag, a variable, a cloud in a file, or `default`. */
export interface Setting<T = string> {
  readonly value: T
  readonly from: string
}

export interface SettingRow {
  /** Name of the flag, without its dashes. */
  readonly flag?: string
  /** Environment variables; the first one that is set is used. */
  readonly env?: readonly string[]
  /** Keys inside `auth:` of a cloud, also accepted next to it. */
  readonly auth?: readonly string[]
  /** Keys of a cloud next to `auth:`. */
  readonly topLevel?: readonly string[]
  /** Never shown, and never substituted into other values. */
  readonly secret?: true
  /** May come from the environment even if a cloud is named, because it selects within that cloud's account. */
  readonly envOverridesCloud?: true
}

/** In the order in which `auth-info` prints them. */
export const SETTINGS = {
  authType: {flag: 'os-auth-type', env: ['OS_AUTH_TYPE'], topLevel: ['auth_type']},
  authStrategy: {flag: 'os-auth-strategy', env: ['OS_AUTH_STRATEGY']},
  authUrl: {flag: 'os-auth-url', env: ['OS_AUTH_URL'], auth: ['auth_url']},
  identityApiVersion: {
    flag: 'os-identity-api-version',
    env: ['OS_IDENTITY_API_VERSION'],
    topLevel: ['identity_api_version'],
  },
  username: {flag: 'os-username', env: ['OS_USERNAME', 'OS_AUTH_USER'], auth: ['username', 'user_name']},
  userId: {flag: 'os-user-id', env: ['OS_USER_ID', 'OS_USERID'], auth: ['user_id']},
  userDomainName: {
    flag: 'os-user-domain-name',
    env: ['OS_USER_DOMAIN_NAME'],
    auth: ['user_domain_name'],
  },
  userDomainId: {flag: 'os-user-domain-id', env: ['OS_USER_DOMAIN_ID'], auth: ['user_domain_id']},
  password: {flag: 'os-password', env: ['OS_PASSWORD', 'OS_AUTH_KEY'], auth: ['password'], secret: true},
  passcode: {env: ['OS_PASSCODE'], auth: ['passcode'], secret: true},
  identityProvider: {env: ['OS_IDENTITY_PROVIDER'], auth: ['identity_provider']},
  protocol: {env: ['OS_PROTOCOL'], auth: ['protocol']},
  clientId: {env: ['OS_CLIENT_ID'], auth: ['client_id']},
  clientSecret: {env: ['OS_CLIENT_SECRET'], auth: ['client_secret'], secret: true},
  openidScope: {env: ['OS_OPENID_SCOPE'], auth: ['openid_scope', 'scope']},
  discoveryEndpoint: {env: ['OS_DISCOVERY_ENDPOINT'], auth: ['discovery_endpoint']},
  deviceAuthorizationEndpoint: {
    env: ['OS_DEVICE_AUTHORIZATION_ENDPOINT'],
    auth: ['device_authorization_endpoint'],
  },
  accessTokenEndpoint: {env: ['OS_ACCESS_TOKEN_ENDPOINT'], auth: ['access_token_endpoint']},
  codeChallengeMethod: {env: ['OS_CODE_CHALLENGE_METHOD'], auth: ['code_challenge_method']},
  accessToken: {env: ['OS_ACCESS_TOKEN'], auth: ['access_token'], secret: true},
  token: {
    flag: 'os-auth-token',
    env: ['OS_AUTH_TOKEN', 'OS_TOKEN'],
    auth: ['token', 'auth_token'],
    secret: true,
  },
  applicationCredentialId: {
    flag: 'os-application-credential-id',
    env: ['OS_APPLICATION_CREDENTIAL_ID'],
    auth: ['application_credential_id'],
  },
  applicationCredentialName: {
    flag: 'os-application-credential-name',
    env: ['OS_APPLICATION_CREDENTIAL_NAME'],
    auth: ['application_credential_name'],
  },
  applicationCredentialSecret: {
    flag: 'os-application-credential-secret',
    env: ['OS_APPLICATION_CREDENTIAL_SECRET'],
    auth: ['application_credential_secret'],
    secret: true,
  },
  projectName: {
    flag: 'os-project-name',
    env: ['OS_PROJECT_NAME', 'OS_TENANT_NAME', 'OS_AUTH_TENANT'],
    auth: ['project_name', 'tenant_name'],
    envOverridesCloud: true,
  },
  projectId: {
    flag: 'os-project-id',
    env: ['OS_PROJECT_ID', 'OS_TENANT_ID'],
    auth: ['project_id', 'tenant_id'],
    envOverridesCloud: true,
  },
  projectDomainName: {
    flag: 'os-project-domain-name',
    env: ['OS_PROJECT_DOMAIN_NAME'],
    auth: ['project_domain_name'],
    envOverridesCloud: true,
  },
  projectDomainId: {
    flag: 'os-project-domain-id',
    env: ['OS_PROJECT_DOMAIN_ID'],
    auth: ['project_domain_id'],
    envOverridesCloud: true,
  },
  domainName: {
    flag: 'os-domain-name',
    env: ['OS_DOMAIN_NAME'],
    auth: ['domain_name'],
    envOverridesCloud: true,
  },
  domainId: {flag: 'os-domain-id', env: ['OS_DOMAIN_ID'], auth: ['domain_id'], envOverridesCloud: true},
  systemScope: {flag: 'os-system-scope', env: ['OS_SYSTEM_SCOPE'], auth: ['system_scope']},
  trustId: {flag: 'os-trust-id', env: ['OS_TRUST_ID'], auth: ['trust_id']},
  unscoped: {auth: ['unscoped']},
  defaultDomain: {
    flag: 'os-default-domain',
    env: ['OS_DEFAULT_DOMAIN'],
    auth: ['default_domain', 'default_domain_id'],
  },
  region: {
    flag: 'os-region-name',
    env: ['OS_REGION_NAME'],
    topLevel: ['image_region_name', 'region_name'],
    envOverridesCloud: true,
  },
  interface: {
    flag: 'os-interface',
    env: ['OS_INTERFACE', 'OS_ENDPOINT_TYPE'],
    topLevel: ['image_interface', 'image_endpoint_type', 'interface', 'endpoint_type'],
    envOverridesCloud: true,
  },
  serviceType: {flag: 'os-service-type', env: ['OS_IMAGE_SERVICE_TYPE'], topLevel: ['image_service_type']},
  imageApiVersion: {
    flag: 'os-image-api-version',
    env: ['OS_IMAGE_API_VERSION'],
    topLevel: ['image_api_version'],
    envOverridesCloud: true,
  },
  endpointOverride: {
    flag: 'url',
    env: ['OS_IMAGE_ENDPOINT_OVERRIDE', 'OS_IMAGE_URL'],
    topLevel: ['image_endpoint_override', 'image_endpoint'],
  },
  endpoint: {flag: 'os-endpoint', env: ['OS_ENDPOINT'], auth: ['endpoint', 'url']},
  cacert: {
    flag: 'os-cacert',
    env: ['OS_CACERT', 'GLANCE_CLIENT_CA_FILE'],
    topLevel: ['cacert'],
    envOverridesCloud: true,
  },
  cert: {flag: 'os-cert', env: ['OS_CERT', 'GLANCE_CLIENT_CERT_FILE'], topLevel: ['cert']},
  key: {flag: 'os-key', env: ['OS_KEY', 'GLANCE_CLIENT_KEY_FILE'], topLevel: ['key']},
  insecure: {flag: 'insecure', env: ['OS_INSECURE'], topLevel: ['insecure']},
  verify: {topLevel: ['verify']},
} as const satisfies Record<string, SettingRow>

export type SettingName = keyof typeof SETTINGS

/** The settings given, as text. Empty text counts as not given and does not occur. */
export type SettingValues = Readonly<Partial<Record<SettingName, Setting>>>

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[]

/** Settings that define the scope of a login. */
export const SCOPE_NAMES: readonly SettingName[] = [
  'projectName',
  'projectId',
  'projectDomainName',
  'projectDomainId',
  'domainName',
  'domainId',
  'systemScope',
  'trustId',
]

/** The row of a setting. */
export function settingRow(name: SettingName): SettingRow {
  return SETTINGS[name]
}

/** The name as files and `auth-info` write it: `userDomainName` is `user_domain_name`. */
export function toSnakeCase(name: SettingName): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}
