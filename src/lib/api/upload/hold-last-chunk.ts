/** Holds the last bytes of an upload back until they may be sent. */

/**
 * The same chunks, the last one only after the check, so that the service never has a complete image of other data.
 * @param check called after all chunks were read; throws if the last one must not be sent. Default: the source throws
 */
export async function* holdLastChunk<T>(
  chunks: AsyncIterable<T>,
  check: () => void | Promise<void> = () => {},
): AsyncGenerator<T> {
  let held: T | undefined
  for await (const chunk of chunks) {
    if (held) yield held
    held = chunk
  }
  await check()
  if (held) yield held
}
