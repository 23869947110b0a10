/** The framework's configuration for a tool without plugins and hooks: there is nothing to look for on disk. */
import {Config} from '@oclif/core/config'

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
