/** The properties of images for callers who may not read, or not change, some of them. */
import type {PropertyAction} from '../policy/property-protections.js'
import type {ImageQuery, ImageRecord} from '../registry/registry.js'
import {ServiceError} from './errors.js'
import type {Caller} from './policy.js'
import {isOwnProperty, selectProperties} from './rules.js'

/** True for those by which the service itself tells something, which no rule protects. */
function permitsProperty({policy, ...subject}: Caller, action: PropertyAction, name: string): boolean {
  return policy === undefined || isOwnProperty(name) || policy.permitsProperty(action, name, subject)
}

/** The image without the properties that the caller may not read. */
export function hideProperties(caller: Caller, image: ImageRecord): ImageRecord {
  if (!caller.policy?.protectsProperties) return image
  return {...image, properties: selectProperties(image, name => permitsProperty(caller, 'read', name))}
}

/** True for a filter by a property that the caller may not read: it would tell its value. */
export function asksForHidden(caller: Caller, {properties = {}}: ImageQuery): boolean {
  return !Object.keys(properties).every(name => permitsProperty(caller, 'read', name))
}

/**
 * The properties after a change by a caller who sees only some: the others are kept.
 * @param before all properties of the image; none for a new one
 * @param after as the caller wants them
 * @throws ServiceError `protected-property`
 */
export function protectProperties(
  caller: Caller,
  before: ImageRecord['properties'],
  after: ImageRecord['properties'],
): ImageRecord['properties'] {
  if (!caller.policy?.protectsProperties) return after
  const isHidden = (name: string) => !permitsProperty(caller, 'read', name)
  const require = (action: PropertyAction, name: string) => {
    if (!permitsProperty(caller, action, name)) throw new ServiceError('protected-property', {name})
  }
  for (const name of Object.keys(after)) {
    if (!Object.hasOwn(before, name) || isHidden(name)) require('create', name)
    else if (after[name] !== before[name]) require('update', name)
  }
  const kept = Object.entries(before).filter(([name]) => !Object.hasOwn(after, name) && isHidden(name))
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(after, name) && !isHidden(name)) require('delete', name)
  }
  return {...Object.fromEntries(kept), ...after}
}
