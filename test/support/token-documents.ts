/** Documents by which Keystone describes a token, for tests of the service. */

export interface DescribedToken {
  readonly user?: string
  /** Null: the token is for no project. */
  readonly project?: string | null
  readonly roles?: readonly string[]
  readonly isSystemScoped?: boolean
  readonly isDomainScoped?: boolean
  readonly expires?: string
  readonly accessRules?: readonly Readonly<Record<string, string>>[]
}

/** The response of Keystone 22 to a validation without the catalog. */
export function describeToken({
  user = 'ann',
  project = 'alpha',
  roles = ['member', 'reader'],
  isSystemScoped = false,
  isDomainScoped = false,
  expires = '2126-11-21T09:33:32.000000Z',
  accessRules,
}: DescribedToken = {}): {readonly status: number; readonly body: string} {
  const domain = {id: 'default', name: 'Default'}
  const credential = {id: 'ac', name: 'ac', restricted: true, access_rules: accessRules}
  const token = {
    methods: ['password'],
    user: {domain, id: user, name: user, password_expires_at: null},
    audit_ids: ['2RBgp7RBTQWGRDQjVjJ5_A'],
    expires_at: expires,
    issued_at: '2026-11-21T08:33:32.000000Z',
    ...(project !== null &&
      !isSystemScoped && {project: {domain, id: project, name: project}, is_domain: false}),
    ...(isDomainScoped && {domain}),
    ...(isSystemScoped && {system: {all: true}}),
    roles: roles.map(name => ({id: `id-of-${name}`, name})),
    ...(accessRules && {application_credential: credential}),
  }
  return {status: 200, body: JSON.stringify({token})}
}
