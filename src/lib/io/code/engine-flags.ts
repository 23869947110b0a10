/** Flags of V8 for a process that ends soon. */
import {setFlagsFromString} from 'node:v8'

/** Flags that are on by default. `--liftoff-only` has the same meaning, but later versions read it only at their start. */
const BACKGROUND_WORK = ['wasm-tier-up', 'wasm-dynamic-tiering', 'minor-gc-task']

let isOff = false

/**
 * Keeps WebAssembly as first compiled, which V8 optimises in the background otherwise, and delays the exit; and collects
 * garbage only where there is no room, and not before.
 */
export function stopBackgroundWork(): void {
  for (const flag of BACKGROUND_WORK) setFlagsFromString(`--no-${flag}`)
  isOff = true
}

/** Compiled code is valid with the flags under which it was saved, so they must be those of the next start. */
export function restoreFlags(): void {
  if (isOff) for (const flag of BACKGROUND_WORK) setFlagsFromString(`--${flag}`)
}
