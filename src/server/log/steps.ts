/** Steps of the registry and the stores for the log, each with the request that it belongs to. */
import {AsyncLocalStorage} from 'node:async_hooks'
import type {LogFacts} from './line-format.js'

/** The log of steps; exists only in a service that logs them. */
export interface Steps {
  /** Does the work of a request: the steps that follow from it get its id, also after it has ended. */
  run(requestId: string, work: () => void): void
  /** Logs a step with the id of its request. Steps of the start of the service have none. */
  log(step: string): void
  /** The id of the request that is worked on. */
  currentRequest(): string | undefined
}

/** @param write receives the lines */
export function createSteps(write: (line: string, facts: LogFacts) => void): Steps {
  const requests = new AsyncLocalStorage<string>()
  return {
    run: (requestId, work) => requests.run(requestId, work),
    log(step) {
      const id = requests.getStore()
      write(step, id === undefined ? {level: 'DEBUG'} : {level: 'DEBUG', request_id: id})
    },
    currentRequest: () => requests.getStore(),
  }
}
