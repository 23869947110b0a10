/** Deactivates images, which forbids their downloads, and activates them again. */
import {requireOperations} from '../operations.js'
import {withImage} from '../resolve.js'
import type {Change} from './change.js'
import {changeEach} from './several.js'

/** The actions, and how they are named in plans and counts. */
const ACTIONS = {
  deactivate: {verb: 'deactivated', title: 'Deactivate'},
  reactivate: {verb: 'reactivated', title: 'Reactivate'},
} as const

/** Deactivates or reactivates images; continues when one of several fails. */
export function changeStates(namesOrIds: readonly string[], action: keyof typeof ACTIONS): Change {
  const {verb, title} = ACTIONS[action]
  const toChange = (image: string): Change => ({
    plan: () => [{lines: [`${title} image ${image}`], record: {action, kind: 'image', image}}],
    async *perform(api) {
      const operations = await requireOperations(api, `deactivation of images`)
      const {id, name, status} = await withImage(api, image, async id => {
        await operations[action](id)
        return api.show(id)
      })
      yield {lines: [`Image ${id} is ${status}`], record: {id, name, status}}
    },
  })
  return changeEach(namesOrIds, toChange, {parts: {noun: 'image', verb}})
}
