/** Creates images in the given registry until it is killed, and prints each id once it is stored. */
import {writeSync} from 'node:fs'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'

const registry = await openRegistry(process.argv[2] ?? '')
for (let n = 0; ; n++) {
  await registry.create({id: `image-${n}`, properties: {a: '1', b: '2'}})
  writeSync(1, `image-${n}\n`)
}
