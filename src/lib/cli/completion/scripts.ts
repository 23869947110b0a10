/** The scripts that make shells ask this tool for completions. They hold no knowledge of commands, and evaluate no answer. */
import type {Shell} from './table.js'

const BASH = String.raw`# bash completion for glance
_glance() {
  local kind='' reply
  COMPREPLY=()
  while IFS= read -r reply; do
    if [ -z "$kind" ]; then kind=$reply; else COMPREPLY[\${#COMPREPLY[@]}]=$reply; fi
  done < <(printf '%s\0' "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" |
    command glance __complete bash 2>/dev/null)
  # Bash 3.2 has no compopt: there, file names follow where nothing else is known.
  case $kind in
    files) COMPREPLY=() ;;
    folders) COMPREPLY=(); compopt +o default -o dirnames 2>/dev/null ;;
    nospace) compopt +o default -o nospace 2>/dev/null ;;
    words) compopt +o default 2>/dev/null ;;
  esac
  return 0
}
complete -o default -F _glance glance
`

const ZSH = String.raw`#compdef glance
# zsh completion for glance
_glance() {
  local kind= prefix= line tab=$'\t'
  local -a answer values lines open_values open_lines
  local -i width=0
  while IFS= read -r line; do
    if [[ -z $kind ]]; then
      kind=$line
    elif [[ $kind == (files|folders) ]]; then
      prefix=$line
    else
      answer+=("$line")
      line=\${line%%$tab*}
      (( $#line > width )) && width=$#line
    fi
  done < <(printf '%s\0' "\${(@)words[1,CURRENT-1]}" "$PREFIX" | command glance __complete zsh 2>/dev/null)
  case $kind in
    files) [[ -n $prefix ]] && compset -P '*='; _files; return ;;
    folders) [[ -n $prefix ]] && compset -P '*='; _files -/; return ;;
  esac
  local value shown
  local -a layout
  for line in "\${(@)answer}"; do
    value=\${line%%$tab*}
    shown=$value
    [[ $line == *$tab* ]] && shown="\${(r:width:)value}  -- \${line#*$tab}" && layout=(-l)
    if [[ $value == *[=,] ]]; then
      open_values+=("$value") open_lines+=("$shown")
    else
      values+=("$value") lines+=("$shown")
    fi
  done
  compadd $layout -d lines -a values
  compadd $layout -S '' -d open_lines -a open_values
}
if [[ $funcstack[1] == _glance ]]; then
  _glance "$@"
else
  compdef _glance glance
fi
`

const FISH = String.raw`# fish completion for glance
function __glance_complete
    set -l current (commandline -ct)
    set -l answer (printf '%s\0' (commandline -opc) "$current" | command glance __complete fish 2>/dev/null)
    switch "$answer[1]"
        case files folders
            set -l prefix "$answer[2]"
            set -l start (string sub -s (math 1 + (string length -- "$prefix")) -- "$current")
            set -l paths (__fish_complete_path "$start")
            test "$answer[1]" = folders; and set paths (__fish_complete_directories "$start")
            for path in $paths
                printf '%s%s\n' "$prefix" "$path"
            end
        case '*'
            set -e answer[1]
            test (count $answer) -gt 0; and printf '%s\n' $answer
    end
end
complete -c glance -f -a '(__glance_complete)'
`

const SCRIPTS: Readonly<Record<Shell, string>> = {bash: BASH, zsh: ZSH, fish: FISH}

/** The script for a shell. */
export function completionScript(shell: Shell): string {
  // A template cannot hold the form of a variable with braces as it is.
  return SCRIPTS[shell].replaceAll('\\${', '${')
}
