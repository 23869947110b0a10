/** The metadata of a copy: that of the image, without what belongs to the service or the cloud that it comes from. */
import type {ImageApi} from '../../api/image-api.js'
import {applyDefaults, type Draft} from '../../model/draft.js'
import {Failure} from '../../model/errors.js'
import {FIELDS} from '../../model/fields.js'
import type {Image} from '../../model/image.js'
import type {Notes} from '../../model/notes.js'

/** Properties that name things of one cloud: other images, instances, users, keys, volumes. */
const FOREIGN_PROPERTIES: readonly string[] = [
  'base_image_ref',
  'block_device_mapping',
  'boot_roles',
  'cinder_encryption_key_deletion_policy',
  'cinder_encryption_key_id',
  'image_location',
  'instance_uuid',
  'kernel_id',
  'owner_id',
  'owner_project_name',
  'owner_user_name',
  'ramdisk_id',
  'user_id',
]

/** The service that gets the copy. */
type TargetApi = Pick<ImageApi, 'version' | 'defaultContainer'>

/**
 * The draft of the copy. It announces the size and the strongest digest that the source reports, so that the upload
 * compares the data with them. The copy is never public by itself.
 * @param changes fields that the user gives for the copy
 * @param notes receives a line for each kind of metadata that is left out
 */
export async function createCopyDraft(
  image: Image,
  changes: Draft,
  target: TargetApi,
  notes: Notes,
): Promise<Draft> {
  noteVisibility(image, changes, notes)
  const {osHidden, ...draft} = {
    ...copyFields(image, target, notes),
    ...(changes.isPublic === undefined ? copyVisibility(image, target) : {}),
    ...changes,
    properties: {...(await copyProperties(image, changes, target, notes)), ...changes.properties},
  }
  // Services that cannot hide images do not take os_hidden=false either.
  return applyDefaults(osHidden ? {...draft, osHidden} : draft, target.defaultContainer)
}

function copyFields(image: Image, {version}: TargetApi, notes: Notes): Partial<Draft> {
  const {name, diskFormat, containerFormat, minRam, minDisk, size, tags = [], osHidden} = image
  const isSet = ([, value]: [string, unknown]) => Boolean(value) && String(value) !== ''
  const fields = {name, diskFormat, containerFormat, minRam, minDisk, size, protected: image.protected}
  const later = Object.entries({tags, osHidden}).filter(isSet)
  if (version === 1 && later.length > 0) {
    const names = later.map(([attribute]) => FIELDS.find(field => field.attribute === attribute)?.name)
    notes.warning(`left out ${names.join(' and ')}, which version 1 of the Image API does not have`)
  }
  const kept = [...Object.entries(fields).filter(isSet), ...(version === 1 ? [] : later)]
  return {...Object.fromEntries(kept), ...findAnnouncedDigest(image)}
}

/** The strongest digest that an upload can announce; one is enough, since each costs processor time. */
export function findAnnouncedDigest({checksum, osHashAlgo, osHashValue}: Image): Partial<Draft> | undefined {
  const algorithm = osHashAlgo?.toLowerCase()
  if (osHashValue && (algorithm === 'sha512' || algorithm === 'sha256'))
    return {[algorithm]: osHashValue.toLowerCase()}
  return checksum ? {checksum: checksum.toLowerCase()} : undefined
}

/** Private images stay private; all others become images that can have members, and have none. */
function copyVisibility({visibility}: Image, {version}: TargetApi): Partial<Draft> {
  return visibility === 'private' && version === 2 ? {visibility} : {}
}

function noteVisibility({id, isPublic, visibility}: Image, changes: Draft, notes: Notes): void {
  if ((changes.isPublic ?? changes.visibility) !== undefined) return
  const [name, argument] = isPublic ? ['public', 'is_public=true'] : [visibility, 'visibility=community']
  if (name !== 'public' && name !== 'community') return
  notes.note(`image ${id} is ${name}, and its copy is not; to change that, give ${argument}`)
}

async function copyProperties(
  image: Image,
  changes: Draft,
  {version}: TargetApi,
  notes: Notes,
): Promise<Draft['properties']> {
  const own = Object.entries(image.properties).filter(([name]) => !Object.hasOwn(changes.properties, name))
  const foreign = own.map(([name]) => name).filter(name => FOREIGN_PROPERTIES.includes(name))
  if (foreign.length > 0)
    notes.note(`left out properties that name things of the source: ${foreign.join(', ')}`)
  const check = await openPropertyCheck(version)
  const kept = own.flatMap(([name, value]): [string, string][] => {
    if (value === null || foreign.includes(name)) return []
    const problem = findProblem(() => check({properties: {[name]: value}}))
    if (problem !== undefined) notes.warning(`left out the property '${name}': ${problem}`)
    return problem === undefined ? [[name, value]] : []
  })
  return Object.fromEntries(kept)
}

/** The check of properties in this version of the API, which throws a `Failure`. */
async function openPropertyCheck(version: 1 | 2): Promise<(draft: Draft) => unknown> {
  if (version === 1) return (await import('../../api/v1/headers.js')).draftHeaders
  return (await import('../../api/v2/documents.js')).checkProperties
}

function findProblem(check: () => unknown): string | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof Failure) return error.why ?? error.message
    throw error
  }
}
