/** Hints for an Image service that denies access or cannot be reached, by login method and origin of its address. */
import type {Settings} from './settings/settings.js'

/** Hints for the failures of requests to the Image service. */
export interface ServiceAdvice {
  /** Origin of the address, unless it is the command line or the default. */
  readonly addressFrom: string | undefined
  /** Hints by status, where the usual ones would be wrong. */
  readonly advice: Readonly<Record<number, string>>
}

/** The hints for these settings. */
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

/** Undefined without a login: the usual hint, to give a token, is right then. */
function unauthorizedAdvice({authType, values}: Settings, from: string): string | undefined {
  if (authType.value === 'http_basic') {
    return `Check username (${values.username?.from}) and password (${values.password?.from}).`
  }
  if (!/^v[23]/.test(authType.value)) return undefined
  return `Check that the address of the service, which comes from ${from}, belongs to the cloud that accepted the login.`
}
