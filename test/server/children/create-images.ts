/** Creates images in the registry it is given until it is killed, and tells each id once it was answered. */
import {writeSync} from 'node:fs'
import {openRegistry} from '../../../src/server/registry/sqlite/open.js'

const registry = await openRegistry(process.argv[2] ?? '')
for (let n = 0; ; n++) {
  await registry.create({id: `image-${n}`, properties: {a: '1', b: '2'}})
  writeSync(1, `image-${n}\n`)
}
