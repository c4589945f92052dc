
# `cargo amplify …`: Cargo's own completion does not ask programs that are installed beside it.
function _cargo_amplify_by_cargo() {
    local at=2
    [[ $words[2] == +* ]] && at=3
    if (( CURRENT > at )) && [[ $words[at] == amplify ]]; then
        words=("${(@)words[at,-1]}")
        (( CURRENT -= at - 1 ))
        _clap_dynamic_completer_cargo_amplify "$@"
    else
        ${_cargo_amplify_before:-_default} "$@"
    fi
}

if [[ ${_comps[cargo]} != _cargo_amplify_by_cargo ]]; then
    _cargo_amplify_before=${_comps[cargo]}
fi
compdef _cargo_amplify_by_cargo cargo
