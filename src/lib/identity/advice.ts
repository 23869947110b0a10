/** What helps when the Image service refuses us or is not there, by how we logged in and where its address comes from. */
import type {Settings} from './settings/settings.js'

export interface ServiceAdvice {
  /** Where the address comes from, unless it is one of the command line, or nobody named any. */
  readonly addressFrom: string | undefined
  /** What to do about an answer, by its status, where the usual advice would be wrong. */
  readonly advice: Readonly<Record<number, string>>
}

export function serviceAdvice(settings: Settings): ServiceAdvice {
  const {endpoint, imageApiVersion} = settings
  const from = endpoint?.from ?? 'the catalog of the cloud'
  const unauthorized = unauthorizedAdvice(settings, from)
  return {
    addressFrom: /^(--|default$)/.test(from) ? undefined : from,
    advice: {
      ...(imageApiVersion && {
        300: `Leave out version ${imageApiVersion.value} of the Image API, which comes from ${imageApiVersion.from}.`,
      }),
      ...(unauthorized && {401: unauthorized}),
    },
  }
}

/** Nothing where there was no login: then it takes a token, which is the usual advice. */
function unauthorizedAdvice({authType, values}: Settings, from: string): string | undefined {
  if (authType.value === 'http_basic') {
    return `Check username (${values.username?.from}) and password (${values.password?.from}).`
  }
  if (!/^v[23]/.test(authType.value)) return undefined
  return `The login was good. Does the address of the service, which comes from ${from}, belong to the same cloud?`
}
