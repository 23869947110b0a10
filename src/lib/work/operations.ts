/** Access to what only version 2 of the API has: stores, tasks, quotas and the states of images. */
import type {ImageApi} from '../api/image-api.js'
import type {ServiceOperations} from '../api/service-operations.js'
import {type Failure, usageError} from '../model/errors.js'

/** @param what what the caller asks for: `stores` @throws Failure of kind `usage` on version 1 */
export async function requireOperations(api: ImageApi, what: string): Promise<ServiceOperations> {
  const operations = await api.operations?.()
  if (operations === undefined) throw missingInVersion1(what)
  return operations
}

/** The failure of kind `usage` for what version 1 does not have. */
export function missingInVersion1(what: string): Failure {
  return usageError(`version 1 of the Image API does not have ${what}`, {
    advice: 'Leave out --os-image-api-version to use version 2, if the service has it.',
  })
}
