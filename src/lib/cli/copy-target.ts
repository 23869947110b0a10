/** The service that gets the copies of `copy`, as the work on them sees it. */
import {redactText} from '../http/redact.js'
import type {CopyTarget} from '../work/copy/copy-images.js'
import type {CloudConnection} from './connection.js'
import type {TargetChoice} from './flags/copy.js'

/**
 * Resolves the settings of the target, so that a mistake in them is reported before anything is sent; does not connect.
 * @param sourceCloud the cloud of the image, to which a region without a cloud belongs
 * @throws Failure of kind `usage` for an unknown cloud, or invalid settings
 */
export async function prepareTarget(
  {cloud, region, url}: TargetChoice,
  connection: CloudConnection,
  sourceCloud: string | undefined,
): Promise<CopyTarget> {
  await connection.settings()
  const isOtherRegion = cloud === undefined && url === undefined
  const address = url && redactText(url)
  const named = isOtherRegion ? sourceCloud : cloud
  const options = [
    ...(named === undefined ? [] : [`--os-cloud ${named}`]),
    ...(region === undefined ? [] : [`--os-region-name ${region}`]),
    ...(address === undefined ? [] : [`--url ${address}`]),
  ]
  const place = region === undefined ? [] : [`region ${region}`]
  return {
    name: [...(cloud === undefined ? [] : [cloud]), ...place].join(', ') || (address ?? ''),
    options: options.join(' '),
    isOtherRegion,
    open: async bytes => {
      const {estimateSendSeconds} = await import('./flags/data-source.js')
      return (await connection.service(estimateSendSeconds(bytes))).api
    },
  }
}
