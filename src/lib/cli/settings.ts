/** What a session is set to: flags first, then the environment, then defaults. */
import type {Connection} from '../api/open-api.js'
import {serviceUrl} from '../api/service-url.js'

/** The flags that every command has. */
export interface ConnectionFlags {
  readonly verbose: boolean
  readonly debug: boolean
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly url?: string | undefined
  readonly ssl: boolean
  readonly insecure: boolean
  readonly 'os-auth-token'?: string | undefined
  readonly timeout?: number | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Where the service is and how to talk to it. `OS_IMAGE_URL` names the service when no flag does.
 * @throws Failure of kind usage for a URL that is none
 */
export function connectionOf(flags: ConnectionFlags, env: Environment): Connection {
  const named = flags.host !== undefined || flags.port !== undefined || flags.ssl
  const url = flags.url ?? (named ? undefined : nonEmpty(env.OS_IMAGE_URL))
  return {
    ...serviceUrl({url, host: flags.host, port: flags.port, ssl: flags.ssl}),
    token: flags['os-auth-token'] ?? nonEmpty(env.OS_AUTH_TOKEN) ?? nonEmpty(env.OS_TOKEN),
    insecure: flags.insecure,
    timeoutSeconds: flags.timeout,
  }
}

/** The caller's project, as far as the environment tells. */
export function projectOf(env: Environment): string | undefined {
  return nonEmpty(env.OS_PROJECT_ID) ?? nonEmpty(env.OS_TENANT_ID)
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
