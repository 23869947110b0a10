/** The id in the URI of an image, which lists and `show` tell. */
import {redactText} from '../http/redact.js'
import {usageError} from '../model/errors.js'

/**
 * The id of an image that is named by id, name or URI (`http://host:9292/v1/images/ID`); any other text is returned
 * unchanged.
 * @param serviceUrl base of the service
 * @throws Failure of kind `usage` for the URI of an image at another host
 */
export function stripImageUri(text: string, serviceUrl: string): string {
  const [, segment] = /^https?:\/\/[^?#]*\/images\/([^/?#]+)$/i.exec(text) ?? []
  if (segment === undefined || !URL.canParse(text)) return text
  const {hostname} = new URL(text)
  if (hostname !== new URL(serviceUrl).hostname)
    throw usageError(`${redactText(text)} is an image of another service`, {
      why: `the address of this service is ${serviceUrl}`,
    })
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
