/** Settings of API servers whose registry is on a registry server, and of that server. */
import {oneOf, type SettingTable, seconds, secret, text, whole} from '../setting.js'

/** The secret of a registry server and its API servers. */
export const REGISTRY_TOKEN = {
  registry_token: secret('Secret that API servers send to the registry server'),
} satisfies SettingTable

/** The registry server that an API server uses. */
export const REGISTRY_CLIENT = {
  registry_host: text('Host of the registry server to use in place of a database'),
  registry_port: whole('Port of the registry server', 9191, {min: 1, max: 65_535}),
  registry_client_protocol: oneOf('How to speak to the registry server', ['http', 'https'], 'http'),
  registry_client_ca_file: text('File with the certificates of the authorities of the registry server'),
  registry_client_timeout: seconds('Seconds to wait for the registry server', 8),
  registry_client_connections: whole('Largest number of connections to the registry server', 20, {min: 1}),
} satisfies SettingTable
