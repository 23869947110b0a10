/** `glance completion`: prints the script that completes command lines in a shell. */
import {shellArg} from '../lib/cli/args.js'
import {completionScript} from '../lib/cli/completion/scripts.js'
import {SHELLS} from '../lib/cli/completion/table.js'
import {GlanceCommand} from '../lib/cli/glance-command.js'
import {parseChoice} from '../lib/model/values.js'

export default class CompletionCommand extends GlanceCommand {
  static override args = {
    shell: shellArg('Please specify the shell: bash, zsh or fish', 'glance completion bash'),
  }
  static override description = `Print the script that completes command lines in a shell: bash, zsh or fish.

It completes commands, options, fields and their values, clouds of clouds.yaml, files, and
the names and IDs of images, which are kept in the cache folder and fetched in the
background. To load it in every new shell, add the line for your shell to its file:

bash, ~/.bashrc: source <(glance completion bash)

zsh, ~/.zshrc, after compinit: source <(glance completion zsh)

fish, ~/.config/fish/config.fish: glance completion fish | source

For all users of bash, write it to /etc/bash_completion.d/glance; of zsh, to a file _glance
in a folder of $fpath; of fish, to /etc/fish/completions/glance.fish.`
  static override examples = ['glance completion bash', 'glance completion zsh', 'glance completion fish']
  static override flags = {}
  static override summary = 'Print the completion script of a shell'
  static override usage = 'bash|zsh|fish'

  async run(): Promise<void> {
    const {args} = await this.parse(CompletionCommand)
    await this.display.text(completionScript(parseChoice(SHELLS, 'shell', args.shell)))
  }
}
