/** Opens the authentication that the settings choose, with the policy of the operator. */
import type {FastifyRequest} from 'fastify'
import type {Prepared} from '../control/reload.js'
import {givePolicyForAdmin, Policy, type Rules} from '../policy/policy.js'
import {readSettings} from '../settings/setting.js'
import {type GivenSettings, NOTHING_GIVEN} from '../settings/sources.js'
import {KEYSTONE, POLICY, PROTECTIONS} from '../settings/tables/callers.js'
import {type AuthKind, type Identification, identifyLocally, type OperatorLog} from './authenticate.js'

/** Settings of authentication. */
export interface IdentificationSettings {
  readonly auth?: AuthKind
  readonly given?: GivenSettings
}

/** An authentication that takes new settings. */
export interface ReloadableIdentification extends Identification {
  /** Opens the authentication of new settings. @returns what replaces the old one @throws as `openIdentification` */
  prepareReload(settings: IdentificationSettings): Promise<Prepared>
}

/** Opens an authentication that may be replaced. @throws as `openIdentification` */
export async function openReloadableIdentification(
  settings: IdentificationSettings,
  operator: OperatorLog,
): Promise<ReloadableIdentification> {
  let current = await openCounted(settings, operator)
  return {
    identify: request => current.identify(request),
    close: () => current.close(),
    async prepareReload(next) {
      const opened = await openCounted({...next, auth: settings.auth ?? 'none'}, operator)
      const commit = () => {
        const old = current
        current = opened
        void old.whenUnused().then(() => old.close())
      }
      return Object.assign(commit, {discard: opened.close})
    },
  }
}

/** An authentication that knows when no request uses it, so that none is broken by its end. */
async function openCounted(settings: IdentificationSettings, operator: OperatorLog) {
  const {identify, close} = await openIdentification(settings, operator)
  const running = new Set<unknown>()
  return {
    identify: (request: FastifyRequest) => {
      const caller = identify(request)
      if (!(caller instanceof Promise)) return caller
      running.add(caller)
      return caller.finally(() => running.delete(caller))
    },
    close,
    whenUnused: () => Promise.allSettled(running),
  }
}

/** @throws Failure `usage` for a policy file that is not valid, and for missing or invalid settings of Keystone */
export async function openIdentification(
  {auth = 'none', given = NOTHING_GIVEN}: IdentificationSettings,
  operator: OperatorLog,
): Promise<Identification> {
  const {
    admin_role: adminRole,
    owner_is_tenant: isByProject,
    policy_file: path,
  } = readSettings(POLICY, given.in())
  const rules = new Policy(new Map([...givePolicyForAdmin(adminRole), ...(await readRules(path, operator))]))
  const policy = await addProtections(rules, given)
  if (auth !== 'keystone') {
    for (const line of describeUnused(auth, given)) operator.warn(line)
    return {identify: identifyLocally(auth, policy, !isByProject), close: async () => {}}
  }
  const {openKeystone} = await import('./open-keystone.js')
  return openKeystone({given, policy, belongsToUser: !isByProject, operator})
}

/** Lines for settings that have no effect without Keystone: an operator who gives them expects it. */
function describeUnused(auth: AuthKind, given: GivenSettings): string[] {
  const find = given.in()
  const lines: string[] = []
  const names = [...Object.keys(KEYSTONE), ...(auth === 'none' ? ['admin_role', 'owner_is_tenant'] : [])]
  const unused = names.filter(name => find(name) !== undefined)
  if (unused.length > 0) lines.push(`without effect: ${unused.join(', ')}, which need --auth keystone`)
  if (auth === 'none' && find('policy_file') !== undefined) {
    lines.push(
      'the rules of policy_file distinguish no callers, because each is the administrator: they need --auth keystone',
    )
  }
  return lines
}

async function addProtections(policy: Policy, given: GivenSettings): Promise<Policy> {
  const {property_protection_file: path, property_protection_rule_format: format} = readSettings(
    PROTECTIONS,
    given.in(),
  )
  if (path === undefined) return policy
  const {readProtections} = await import('./read-protections.js')
  return policy.protectProperties(await readProtections(path, format, policy))
}

async function readRules(path: string | undefined, operator: OperatorLog): Promise<Rules> {
  if (path === undefined) return new Map()
  const {readPolicyFile} = await import('../policy/policy-file.js')
  return readPolicyFile(path, line => operator.warn(line))
}
