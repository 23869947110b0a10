/** Takes the arguments of `copy` apart: images, the destination, and fields of the copy. */
import {usageError} from '../../model/errors.js'

/** The arguments of `copy`. */
export interface CopyArguments {
  /** Names or ids. */
  readonly images: readonly string[]
  /** The cloud of `CLOUD:` or `CLOUD:NAME`; undefined if there is none. */
  readonly cloud: string | undefined
  /** `field=value`; a name after the colon is among them. */
  readonly fields: readonly string[]
}

/**
 * Arguments with a `=` are fields. Of the others, the first is an image, the last one is the destination if it is
 * `CLOUD:` or `CLOUD:NAME`, and the rest are more images: only the name of the last one could be taken for a destination.
 * @param isCloudNamed the cloud is given otherwise, so that no argument is the destination
 * @throws Failure of kind `usage` if the cloud is given twice
 */
export function parseCopyArguments(
  image: string,
  more: readonly string[],
  isCloudNamed: boolean,
): CopyArguments {
  const fields = more.filter(word => word.includes('='))
  const words = more.filter(word => !word.includes('='))
  const last = words.at(-1) ?? ''
  const [, cloud, name] = /^([^:]+):((?!\/\/).*)$/s.exec(last) ?? []
  if (cloud === undefined || (isCloudNamed && name !== ''))
    return {images: [image, ...words], cloud: undefined, fields}
  if (isCloudNamed) throw usageError('the destination is given twice', {why: `both as '${last}' and as --to`})
  return {
    images: [image, ...words.slice(0, -1)],
    cloud,
    fields: name ? [`name=${name}`, ...fields] : fields,
  }
}
