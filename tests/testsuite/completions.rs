//! Completions in the real shells, for `cargo amplify` and `cargo-amplify`.
#![cfg(target_os = "linux")]

use std::env;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use crate::support::{program, state_directory, succeed};

tests![bash_completes, zsh_completes, fish_completes, a_bare_shell_asks_for_nothing];

/// What is typed up to the cursor, a word that is offered then, and one that is not.
const TYPED: [(&str, &str, &str); 11] = [
    ("cargo-amplify ", "invoke", "pre-sign-up"),
    ("cargo-amplify new auth-trigger pre-", "pre-sign-up", "custom-auth"),
    ("cargo amplify ", "invoke", "pre-sign-up"),
    ("cargo amplify inv", "invoke", "list"),
    ("cargo amplify new auth-trigger custom-", "custom-auth", "pre-sign-up"),
    ("cargo amplify new auth-trigger pre-sign-up --inp", "--input", "--name"),
    ("cargo amplify new auth-trigger pre-sign-up --input ", "check=age", "check-domain"),
    ("cargo amplify new auth-trigger --event-version ", "V2_0", "check-domain"),
    ("cargo amplify invoke ", "check-domain", "pre-sign-up"),
    (
        "cargo amplify invoke --sample PreSignUp_Ex",
        "PreSignUp_ExternalProvider",
        "PreSignUp_SignUp",
    ),
    ("cargo +stable amplify invoke check", "check-domain", "pre-sign-up"),
];

fn bash_completes() {
    in_shell("bash", &|script, words, _| {
        let mut bash = Command::new("bash");
        let run = r#"
            source "$1"
            shift
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_TYPE=9
            function=$(complete -p "$1") function=${function##*-F } function=${function%% *}
            "$function" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\n' "${COMPREPLY[@]}"
        "#;
        bash.args(["--norc", "-c", run, "bash"]).arg(script).args(words);
        bash
    });
}

fn fish_completes() {
    in_shell("fish", &|script, words, _| {
        let mut fish = Command::new("fish");
        let line = words.join(" ");
        let run = "source $argv[1]; complete --do-complete $argv[2]";
        fish.args(["--no-config", "--command", run]).arg(script).arg(line);
        fish
    });
}

/// In a terminal of its own: only there does it complete. Ctrl-T shows the line as it is then.
fn zsh_completes() {
    in_shell("zsh", &|script, words, offered| {
        let mut zsh = Command::new("timeout");
        let run = r#"
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell "autoload -Uz compinit; compinit -u -D; source '$1'; LISTMAX=999"
            zpty -w shell 'show() { print -r -- "<$BUFFER>" }; zle -N show; bindkey "^T" show'
            zpty -w shell "unsetopt LIST_AMBIGUOUS; BAUD=0; stty columns 200; print be''gin"
            zpty -r shell output '*begin*'
            zpty -w -n shell "$2"$'\t\C-t'
            zpty -r shell output "*$3*"
            print -r -- "$output"
            zpty -w -n shell $'\C-u'
            zpty -w shell "print en''d"
            zpty -r shell output '*end*'
            print -r -- "$output"
        "#;
        zsh.args(["30", "zsh", "-f", "-c", run, "zsh"]).arg(script);
        zsh.arg(words.join(" ")).arg(offered);
        zsh
    });
}

/// Checks each line in a shell that runs what the command says, if the shell is there.
fn in_shell(shell: &str, command: &dyn Fn(&Path, &[&str], &str) -> Command) {
    if Command::new(shell).arg("--version").output().is_err() {
        let _ = writeln!(std::io::stderr(), "skipped: there is no {shell}");
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let new = ["new", "auth-trigger", "pre-sign-up", "--name", "check-domain"];
    succeed(program().args(new).current_dir(directory.path()));
    let script = directory.path().join("completions");
    fs::write(&script, succeed(program().args(["completions", shell])).stdout).expect("written");
    let own = Path::new(env!("CARGO_BIN_EXE_cargo-amplify")).parent().expect("a directory");
    let others = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([own.to_owned()].into_iter().chain(env::split_paths(&others)));
    let path = path.expect("a path");
    for (typed, offered, not) in TYPED {
        let words: Vec<_> = typed.split(' ').collect();
        let mut command = command(&script, &words, offered);
        command.env("PATH", &path).env("HOME", directory.path()).env("TERM", "xterm");
        command.env("CARGO_AMPLIFY_STATE_DIR", state_directory());
        let output = command.current_dir(directory.path()).output().expect("it runs");
        let shown = String::from_utf8_lossy(&output.stdout);
        assert!(shown.contains(offered), "{shell}: {typed}: {shown}");
        assert!(!shown.contains(not), "{shell}: {typed}: {shown}");
    }
}

/// Without the variable of the script, the program does what it is asked to.
fn a_bare_shell_asks_for_nothing() {
    let version = succeed(program().env("COMPLETE", "bash").arg("--version"));
    assert!(version.stdout.starts_with(b"cargo-amplify "));
    let asked = program().env("CARGO_AMPLIFY_COMPLETE", "nonsense").arg("list").output();
    assert_ne!(asked.expect("it runs").status.code(), Some(0));
}
