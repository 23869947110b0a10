/** Deletes images that are named. */
import type {ImageApi} from '../api/image-api.js'
import {Failure} from '../model/errors.js'
import type {Change, Outcome} from './change.js'
import {withImage} from './resolve.js'

/** Deletes images one after the other; goes on when one of several cannot be deleted. */
export function deleteImages(words: readonly string[]): Change {
  const which = words.length === 1 ? `image ${words[0]}` : `${words.length} images (${words.join(', ')})`
  return {
    plan: () => words.map(word => `Delete image ${word}`),
    question: async () => `Delete ${which}?`,
    refusal: `Not deleting ${which}`,
    parts: {noun: 'image', verb: 'deleted'},
    async *perform(api) {
      for (const word of words) yield await deleted(api, word, words.length > 1)
    },
  }
}

async function deleted(api: ImageApi, word: string, goOn: boolean): Promise<Outcome> {
  try {
    const id = await withImage(api, word, async id => {
      await api.delete(id)
      return id
    })
    return {lines: [`Deleted image ${id}`], record: {id, deleted: true}}
  } catch (error) {
    if (goOn && error instanceof Failure && error.kind !== 'interrupted') return error
    throw error
  }
}
