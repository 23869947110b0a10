/** Flags of V8 for a process that ends soon. */
import {setFlagsFromString} from 'node:v8'

/** Flags that are on by default. `--liftoff-only` has the same meaning, but later versions read it only at their start. */
const WASM_OPTIMISATION = ['wasm-tier-up', 'wasm-dynamic-tiering', 'minor-gc-task']

let isOff = false

/** Keeps WebAssembly as first compiled: V8 optimises it in the background otherwise, and delays the exit. */
export function stopWasmOptimisation(): void {
  for (const flag of WASM_OPTIMISATION) setFlagsFromString(`--no-${flag}`)
  isOff = true
}

/** Compiled code is valid with the flags under which it was saved, so they must be those of the next start. */
export function restoreFlags(): void {
  if (isOff) for (const flag of WASM_OPTIMISATION) setFlagsFromString(`--${flag}`)
}
