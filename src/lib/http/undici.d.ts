/** Types of the undici modules that are loaded on their own, which come without any. */
declare module 'undici/lib/dispatcher/agent.js' {
  import {Agent} from 'undici'
  export default Agent
}

declare module 'undici/lib/dispatcher/client.js' {
  import {Client} from 'undici'
  export default Client
}

declare module 'undici/lib/core/connect.js' {
  import type {Socket} from 'node:net'
  import type {buildConnector} from 'undici'

  const build: (
    options: buildConnector.BuildOptions,
  ) => (options: buildConnector.Options, callback: buildConnector.Callback) => Socket
  export default build
}
