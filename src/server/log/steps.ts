/** Steps of the registry and the stores for the log, each with the request that it belongs to. */
import {AsyncLocalStorage} from 'node:async_hooks'

/** The log of steps; exists only in a service that logs them. */
export interface Steps {
  /** Does the work of a request: the steps that follow from it get its id, also after it has ended. */
  run(requestId: string, work: () => void): void
  /** Logs a step, after the id of its request. Steps of the start of the service have none. */
  log(step: string): void
}

/** @param write receives the lines */
export function createSteps(write: (line: string) => void): Steps {
  const requests = new AsyncLocalStorage<string>()
  return {
    run: (requestId, work) => requests.run(requestId, work),
    log(step) {
      const requestId = requests.getStore()
      write(requestId === undefined ? step : `${requestId} ${step}`)
    },
  }
}
