/** How data of unknown size becomes the parts of an object. */

const MIB = 1024 * 1024

/** A part is held in memory while it is sent, so that it can be sent again, and the next one while it arrives. */
const MAX_PART = 12 * MIB

/** Sizes and numbers of parts. */
export interface PartSizes {
  /** Bytes of the part with this number, counted from 0. Less data than the first one is stored in one request. */
  getSize(number: number): number
  /** Parts that are sent as they are. After them, several are joined to an object, which becomes one part by a copy in S3. */
  readonly plainParts: number
  /** Parts of such an object. */
  readonly joinedParts: number
}

/** Of parts that have the size in the settings; then they grow. */
const USUAL_PARTS = 1000

/**
 * The sizes for 5 TiB in 10,000 parts: up to 7000 parts of at most 12 MiB (82 GiB), and 3000 parts of 1800 MiB.
 * @param first MiB of data that is stored in one request
 * @param usual MiB of a part
 */
export function createPartSizes(first: number, usual: number): PartSizes {
  const limit = (size: number) => Math.min(size * MIB, MAX_PART)
  const getSize = (number: number) => {
    if (number === 0) return limit(first)
    return number < USUAL_PARTS ? limit(usual) : MAX_PART
  }
  return {getSize, plainParts: 7000, joinedParts: 150}
}
