/** Configuration of the framework for a tool without plugins and hooks; reads nothing from disk. */
import {Config} from '@oclif/core/config'

/** A configuration for `glance`. */
export class MinimalConfig extends Config {
  constructor() {
    super({root: import.meta.dirname})
    this.bin = 'glance'
    this.name = 'glance'
  }

  override async runHook(): ReturnType<Config['runHook']> {
    return {failures: [], successes: []}
  }
}
