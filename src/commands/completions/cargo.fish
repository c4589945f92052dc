# `cargo amplify …`: Cargo's own completion does not ask programs that are installed beside it.
function __cargo_amplify_words
    set --local words (commandline --current-process --tokenize --cut-at-cursor)
    set --local at (contains --index amplify $words)
    string join \n -- $words[$at..-1]
end
complete --keep-order --exclusive --command cargo --condition "__fish_seen_subcommand_from amplify" --arguments "(CARGO_AMPLIFY_COMPLETE=fish cargo-amplify -- (__cargo_amplify_words) (commandline --current-token))"
