# `cargo amplify …`: Cargo's own completion does not ask programs that are installed beside it.
_cargo_amplify_by_cargo() {
    local at=1
    [[ ${COMP_WORDS[1]} == +* ]] && at=2
    if ((COMP_CWORD > at)) && [[ ${COMP_WORDS[at]} == amplify ]]; then
        local COMP_WORDS=("${COMP_WORDS[@]:at}") COMP_CWORD=$((COMP_CWORD - at))
        _clap_complete_cargo_amplify "$@"
        return
    fi
    if ! declare -F _cargo > /dev/null; then
        local own
        own=$(rustc --print sysroot 2> /dev/null)/etc/bash_completion.d/cargo
        [[ -r $own ]] && source "$own"
        complete -o nospace -o bashdefault -F _cargo_amplify_by_cargo cargo
    fi
    declare -F _cargo > /dev/null && _cargo "$@"
}
complete -o nospace -o bashdefault -F _cargo_amplify_by_cargo cargo
