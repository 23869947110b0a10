/** Edits of single custom properties and tags; tags are sent as a whole, so that the stored ones are read first. */
import type {ImageApi} from '../../api/image-api.js'
import type {Draft} from '../../model/draft.js'
import {usageError} from '../../model/errors.js'
import {findField} from '../../model/fields.js'
import type {JsonObject} from '../../model/json-object.js'
import type {Notes} from '../../model/notes.js'

/** Edits of an image. */
export interface Edits {
  /** Names of custom properties to remove. */
  readonly unset: readonly string[]
  /** Tags to add. */
  readonly tag: readonly string[]
  /** Tags to remove. */
  readonly untag: readonly string[]
}

/** True if there is nothing to edit. */
export function isEmpty({unset, tag, untag}: Edits): boolean {
  return unset.length + tag.length + untag.length === 0
}

/**
 * Checks edits against the draft that they come with.
 * @throws Failure of kind usage for a field, and for edits that contradict the draft
 */
export function checkEdits({unset, tag, untag}: Edits, draft: Draft): void {
  const field = unset.find(name => findField(name) !== undefined)
  if (field !== undefined) {
    throw usageError(`cannot unset ${field}: it is an image field, not a custom property`, {
      advice: `To clear a text, write ${field}= without a value.`,
    })
  }
  const both = unset.find(name => Object.hasOwn(draft.properties, name))
  if (both !== undefined) throw usageError(`${both} is given a value and unset`)
  const twice = tag.find(name => untag.includes(name))
  if (twice !== undefined) throw usageError(`the tag ${twice} is added and removed`)
  if (draft.tags !== undefined && tag.length + untag.length > 0)
    throw usageError('tags= replaces all tags, and excludes --tag and --untag')
}

/** The lines of a dry run. */
export function editLines({unset, tag, untag}: Edits): string[] {
  return [
    ...unset.map(name => `Remove the property '${name}'`),
    ...tag.map(name => `Add the tag '${name}'`),
    ...untag.map(name => `Remove the tag '${name}'`),
  ]
}

/** The edits in the record of a dry run, without those that are not made. */
export function editRecord({unset, tag, untag}: Edits): JsonObject {
  const edits = Object.entries({unset, tag, untag})
  return Object.fromEntries(edits.filter(([, names]) => names.length > 0))
}

/**
 * Reads the image, tells which edits have no effect, and adds the tags that it shall have to the draft.
 * @param id id of the image
 * @returns the draft unchanged if there are no edits; nothing is read then
 */
export async function applyEdits(
  api: ImageApi,
  id: string,
  draft: Draft,
  {edits, notes}: {edits: Edits; notes: Notes},
): Promise<Draft> {
  if (isEmpty(edits)) return draft
  const {unset, tag, untag} = edits
  const {properties, tags: stored = []} = await api.show(id)
  for (const name of unset)
    if (!Object.hasOwn(properties, name)) notes.note(`image ${id} has no property '${name}'`)
  for (const name of untag) if (!stored.includes(name)) notes.note(`image ${id} has no tag '${name}'`)
  if (tag.length + untag.length === 0) return draft
  return {...draft, tags: [...new Set([...stored, ...tag])].filter(name => !untag.includes(name))}
}
