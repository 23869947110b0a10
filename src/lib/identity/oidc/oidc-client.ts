/** What a login at an OpenID Connect provider is made from, and what a person has to be shown. */
import type {Send} from '../../http/message.js'

/** The client as which the tool is registered at a provider, and the addresses of the provider. */
export interface OidcClient {
  readonly id: string
  /** Undefined for a public client. */
  readonly secret: string | undefined
  /** Separated by blanks. */
  readonly scope: string
  /** URL of the document that names the endpoints, or of the issuer. Undefined if both endpoints are given. */
  readonly discoveryEndpoint: string | undefined
  /** Overrides the one that was discovered. */
  readonly deviceAuthorizationEndpoint: string | undefined
  /** Overrides the one that was discovered. */
  readonly accessTokenEndpoint: string | undefined
  /** Of the proof key (RFC 7636); undefined for none. */
  readonly codeChallengeMethod: 'S256' | 'plain' | undefined
}

/** A login that a person has to confirm in a browser (RFC 8628). */
export interface DeviceLogin {
  /** Page at which the code is to be entered. */
  readonly url: string
  /** Code to enter, and to compare with the one that the page shows. */
  readonly code: string
  /** The same page with the code, if the provider has one. */
  readonly urlWithCode?: string
  readonly expiresAt: Date
}

/** Access to a provider, and to the person who logs in. */
export interface DeviceLoginOptions {
  /** Opens the connection to the provider, once. */
  readonly openProvider: () => Promise<Send>
  /** Shows the person what to do; absent where it would not be seen. */
  readonly showDeviceLogin: ((login: DeviceLogin) => void) | undefined
  /** Ends the wait for the person; its reason is thrown. */
  readonly signal?: AbortSignal | undefined
}

/** Texts for the messages of a failed login at a provider. */
export interface ProviderDescription {
  /** Name by which Keystone knows it. */
  readonly name: string
  /** Names every value that may be wrong, and where it comes from. */
  readonly hint: string
  /** Masked in the provider's messages. */
  readonly secrets: readonly string[]
}
