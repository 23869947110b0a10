/** Mocha's spec report, closed by the plain line `N passed, N failed` that any script can read. */
import mocha from 'mocha'

export default class PlainReporter extends mocha.reporters.Spec {
  constructor(runner: mocha.Runner, options?: mocha.MochaOptions) {
    super(runner, options)
    runner.once(mocha.Runner.constants.EVENT_RUN_END, () => {
      const {passes = 0, failures = 0, pending = 0} = runner.stats ?? {}
      const skipped = pending > 0 ? `, ${pending} skipped` : ''
      process.stdout.write(`${passes} passed, ${failures} failed${skipped}\n`)
    })
  }
}
