/** Checks that the service has the store that the user has chosen. */
import {Failure} from '../../../model/errors.js'
import {STORES_INFO} from '../paths.js'
import type {ServiceClient} from '../service-client.js'
import {storesFrom} from '../service-info.js'

/**
 * Called before anything is changed, because a service without stores ignores the choice.
 * @throws Failure without the store, or for one that is only read
 */
export async function assertStoreExists(client: ServiceClient, store: string): Promise<void> {
  const what = `cannot use the store '${store}'`
  const reply = await client.call('GET', STORES_INFO, {what}, {statuses: [200, 404]})
  const isKnown = reply.status === 200
  const stores = isKnown ? storesFrom(await reply.json()) : []
  if (!isKnown) await reply.discard()
  const found = stores.find(({id}) => id === store)
  if (found && !found.isReadOnly) return
  const others = stores.filter(({isReadOnly}) => !isReadOnly).map(({id}) => id)
  const has = isKnown ? `the service has ${others.join(', ')}` : 'the service has no stores to choose from'
  throw new Failure('failed', what, {
    why: found ? `it is only read; ${has}` : has,
    advice: 'Leave out store= to use the default store.',
  })
}
