/** Writes an endless image into the given folder until it is killed. */
import {Readable} from 'node:stream'
import {setTimeout as wait} from 'node:timers/promises'
import {FilesystemStore} from '../../../src/server/stores/filesystem-store.js'

async function* generateEndlessly(): AsyncGenerator<Buffer> {
  for (;;) {
    yield Buffer.alloc(1024 * 1024)
    await wait(5)
  }
}

const [, , directory = '', id = ''] = process.argv
await new FilesystemStore(directory).put(id, Readable.from(generateEndlessly()))
