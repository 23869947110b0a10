/** Data unpacked while it is read, where the runtime can. */
import {pipeline, type Readable, type Transform} from 'node:stream'
import * as zlib from 'node:zlib'
import {Failure} from '../model/errors.js'
import type {Packing} from '../model/sniff.js'
import type {ImageData} from './image-data.js'

/** The programs that unpack what we cannot. */
const PROGRAMS: Readonly<Record<Packing, string>> = {gz: 'gzip', xz: 'xz', zst: 'zstd', bz2: 'bzip2'}

/**
 * The same data, unpacked; nobody knows beforehand how long it is.
 * @throws Failure for a packing that the runtime does not know
 */
export function unpacked(data: ImageData, packing: Packing): ImageData {
  const create = unpackers()[packing]
  if (create === undefined) throw notKnown(packing)
  return {repeatable: data.repeatable, open: () => through(data.open(), create())}
}

/** `zstd` came with Node 22.15 and 23.8. */
function unpackers(): Partial<Record<Packing, () => Transform>> {
  const {createZstdDecompress: zstd} = zlib as {createZstdDecompress?: () => Transform}
  return {gz: () => zlib.createGunzip({chunkSize: 1024 * 1024}), ...(zstd ? {zst: () => zstd()} : {})}
}

function through(source: Readable, unpacker: Transform): Readable {
  // It works ahead and may fail before anybody reads; whoever reads then is told.
  unpacker.on('error', () => {})
  return pipeline(source, unpacker, error => {
    if (error) unpacker.destroy(error)
  })
}

function notKnown(packing: Packing): Failure {
  const program = PROGRAMS[packing]
  return new Failure('failed', `data packed by ${program} cannot be unpacked here`, {
    why: packing === 'zst' ? 'this needs Node 22.15 or later' : 'the runtime has no such unpacker',
    advice: `Let ${program} unpack it: ${program} -dc FILE | glance add ...`,
  })
}
