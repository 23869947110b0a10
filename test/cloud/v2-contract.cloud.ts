/** Version 2 of the API against a real Glance without authentication, each test with a project of its own. */
import {randomUUID} from 'node:crypto'
import type {ImageApi} from '../../src/lib/api/image-api.js'
import {openImageApi} from '../../src/lib/api/open-api.js'
import type {Draft} from '../../src/lib/model/draft.js'
import type {ListQuery} from '../../src/lib/model/list-query.js'
import {imageApiContract} from '../contract/image-api.contract.js'
import {assertReachable, describeLab, NOAUTH_URL, OWN, SERVICE} from './clouds.js'

describeLab(`${SERVICE} without authentication`, () => {
  before(() => assertReachable(NOAUTH_URL))

  imageApiContract(`version 2, ${SERVICE}`, async () => {
    const opened = await openImageApi({url: NOAUTH_URL, version: 2, timeoutSeconds: 10})
    const api = withOwner(opened, `test-${randomUUID()}`)
    return {
      api,
      // Glance of 2022 refuses what old MySQL tables could not hold.
      withoutEmoji: OWN === undefined,
      close: async () => {
        await removeAll(api)
        await opened.close()
      },
    }
  })
})

/** Others use the same service: what is added belongs to one project, and lists show only that. */
function withOwner(api: ImageApi, owner: string): ImageApi {
  const addOwner = (query: ListQuery): ListQuery => ({...query, owner})
  const methods: Partial<ImageApi> = {
    add: (draft: Draft, ...rest) => api.add({owner, ...draft}, ...rest),
    index: query => api.index(addOwner(query)),
    details: query => api.details(addOwner(query)),
  }
  return new Proxy(api, {
    get(target, name) {
      const member: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

async function removeAll(api: ImageApi): Promise<void> {
  for (;;) {
    const {images} = await api.details({isPublic: 'any', limit: 100})
    if (images.length === 0) return
    for (const image of images) {
      if (image.protected) await api.update(image.id, {protected: false, properties: {}})
      await api.delete(image.id)
    }
  }
}
